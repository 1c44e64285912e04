//! The calls whose answers are evidence: operation, permission, what is kept. Collecting, reading and the role that may
//! collect all come from this table. Pure data: knows no SDK.

use super::call::Scope::{EachRegion, Global, Home};
use super::call::{Call, call};

/// CloudTrail's service principal, in every partition.
pub const CLOUDTRAIL: &str = "cloudtrail.amazonaws.com";

/// The calls that silence a trail or an event data store at once. Where accounts are asked, so is their history for these.
pub const SILENCING: [&str; 4] = ["StopLogging", "DeleteTrail", "DeleteEventDataStore", "StopEventDataStoreIngestion"];

/// The calls that change what is recorded. Every deployment makes them: the history is asked for these where somebody wants
/// to know.
pub const CHANGING: [&str; 4] = ["UpdateTrail", "PutEventSelectors", "PutInsightSelectors", "UpdateEventDataStore"];

/// The four settings of Block Public Access.
const PUBLIC_ACCESS: &[&str] = &[
    "PublicAccessBlockConfiguration.{BlockPublicAcls:bool,IgnorePublicAcls:bool}",
    "PublicAccessBlockConfiguration.{BlockPublicPolicy:bool,RestrictPublicBuckets:bool}",
];

/// Every call; no other is made.
pub const CALLS: &[Call] = &[
    // Who is asked, and where. The answer to AssumeRole is credentials: nothing of it is kept.
    call("sts", "GetCallerIdentity", "sts:GetCallerIdentity", Global, &["Account", "Arn"]),
    call("sts", "AssumeRole", "sts:AssumeRole", Global, &[]),
    call("account", "ListRegions", "account:ListRegions", Global, &["Regions[].{RegionName,RegionOptStatus}"]),
    // Trails. Shadow trails are listed in every Region; the rest is asked at home, by ARN.
    call(
        "cloudtrail",
        "DescribeTrails",
        "cloudtrail:DescribeTrails",
        EachRegion,
        &[
            "trailList[].{Name,TrailARN,HomeRegion,S3BucketName,S3KeyPrefix,SnsTopicARN,KmsKeyId,RecursiveLogging}",
            "trailList[].{IncludeGlobalServiceEvents,IsMultiRegionTrail,IsOrganizationTrail,LogFileValidationEnabled}",
            "trailList[].{CloudWatchLogsLogGroupArn,CloudWatchLogsRoleArn}",
        ],
    ),
    call(
        "cloudtrail",
        "GetTrailStatus",
        "cloudtrail:GetTrailStatus",
        Home,
        &[
            "IsLogging",
            "StartLoggingTime:time",
            "StopLoggingTime:time",
            "LatestDeliveryTime:time",
            "LatestDeliveryError",
            "LatestDigestDeliveryTime:time",
            "LatestDigestDeliveryError",
            "LatestCloudWatchLogsDeliveryTime:time",
            "LatestCloudWatchLogsDeliveryError",
            "LatestNotificationTime:time",
            "LatestNotificationError",
        ],
    ),
    call(
        "cloudtrail",
        "GetEventSelectors",
        "cloudtrail:GetEventSelectors",
        Home,
        &["TrailARN", "EventSelectors", "AdvancedEventSelectors"],
    ),
    call(
        "cloudtrail",
        "GetInsightSelectors",
        "cloudtrail:GetInsightSelectors",
        Home,
        &["TrailARN", "InsightSelectors"],
    )
    .absent(&["InsightNotEnabledException"]),
    // Also of event data stores. The values of tags are nobody's business, but for those that name a template.
    call(
        "cloudtrail",
        "ListTags",
        "cloudtrail:ListTags",
        Home,
        &["ResourceTagList[].ResourceId", "ResourceTagList[].TagsList[].{Key,Value:stack}"],
    ),
    // Changes of the last 90 days, one name of an event at a time. A failed attempt has an error code.
    call(
        "cloudtrail",
        "LookupEvents",
        "cloudtrail:LookupEvents",
        EachRegion,
        &[
            "Events[].{EventName,EventTime:time,Username,CloudTrailEvent>errorCode}",
            "Events[].Resources[].{ResourceType,ResourceName}",
        ],
    ),
    // Event data stores, and the channels that feed them.
    call(
        "cloudtrail",
        "ListEventDataStores",
        "cloudtrail:ListEventDataStores",
        EachRegion,
        &["EventDataStores[].{EventDataStoreArn,Name}"],
    ),
    call(
        "cloudtrail",
        "GetEventDataStore",
        "cloudtrail:GetEventDataStore",
        Home,
        &[
            "EventDataStoreArn",
            "Name",
            "Status",
            "AdvancedEventSelectors",
            "MultiRegionEnabled",
            "OrganizationEnabled",
            "RetentionPeriod",
            "BillingMode",
            "TerminationProtectionEnabled",
            "KmsKeyId",
        ],
    ),
    call("cloudtrail", "ListChannels", "cloudtrail:ListChannels", EachRegion, &["Channels[].{ChannelArn,Name}"]),
    call(
        "cloudtrail",
        "GetChannel",
        "cloudtrail:GetChannel",
        Home,
        &["ChannelArn", "Name", "Source", "Destinations[].{Type,Location}"],
    ),
    // Of event data stores and channels; trails have none.
    call(
        "cloudtrail",
        "GetResourcePolicy",
        "cloudtrail:GetResourcePolicy",
        Home,
        &["ResourceArn", "ResourcePolicy"],
    )
    .absent(&["ResourcePolicyNotFoundException"]),
    // Buckets. The list, narrowed to a bucket's name, tells whether it is the account's own, and where it is.
    call("s3", "ListBuckets", "s3:ListAllMyBuckets", Global, &["Buckets[].{Name,BucketRegion}"]),
    call("s3", "GetBucketLocation", "s3:GetBucketLocation", Global, &["LocationConstraint"])
        .absent(&["NoSuchBucket"]),
    call("s3", "GetBucketPolicy", "s3:GetBucketPolicy", Home, &["Policy"]).absent(&["NoSuchBucketPolicy"]),
    call("s3", "GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock", Home, PUBLIC_ACCESS)
        .absent(&["NoSuchPublicAccessBlockConfiguration"]),
    // What the organization sets is in this answer (API reference of S3 Control), so nobody asks for its policy.
    call("s3control", "GetPublicAccessBlock", "s3:GetAccountPublicAccessBlock", Global, PUBLIC_ACCESS)
        .absent(&["NoSuchPublicAccessBlockConfiguration"]),
    call(
        "s3",
        "GetBucketOwnershipControls",
        "s3:GetBucketOwnershipControls",
        Home,
        &["OwnershipControls.Rules[].ObjectOwnership"],
    )
    .absent(&["OwnershipControlsNotFoundError"]),
    call("s3", "GetBucketVersioning", "s3:GetBucketVersioning", Home, &["Status", "MFADelete"]),
    call(
        "s3",
        "GetObjectLockConfiguration",
        "s3:GetBucketObjectLockConfiguration",
        Home,
        &[
            "ObjectLockConfiguration.ObjectLockEnabled",
            "ObjectLockConfiguration.Rule.DefaultRetention.{Mode,Days:int,Years:int}",
        ],
    )
    .absent(&["ObjectLockConfigurationNotFoundError"]),
    call(
        "s3",
        "GetBucketLifecycleConfiguration",
        "s3:GetLifecycleConfiguration",
        Home,
        &[
            "Rules[].{ID,Status,Prefix}",
            "Rules[].Filter.{Prefix,ObjectSizeGreaterThan:int,ObjectSizeLessThan:int}",
            "Rules[].Filter.Tag.Key",
            "Rules[].Filter.And.{Prefix,ObjectSizeGreaterThan:int,ObjectSizeLessThan:int}",
            "Rules[].Filter.And.Tags[].Key",
            "Rules[].Expiration.{Days:int,Date,ExpiredObjectDeleteMarker:bool}",
            "Rules[].NoncurrentVersionExpiration.{NoncurrentDays:int,NewerNoncurrentVersions:int}",
        ],
    )
    .absent(&["NoSuchLifecycleConfiguration"]),
    call(
        "s3",
        "GetBucketEncryption",
        "s3:GetEncryptionConfiguration",
        Home,
        &[
            "ServerSideEncryptionConfiguration.Rules[].ApplyServerSideEncryptionByDefault.{SSEAlgorithm,KMSMasterKeyID}",
            "ServerSideEncryptionConfiguration.Rules[].BucketKeyEnabled:bool",
        ],
    )
    .absent(&["ServerSideEncryptionConfigurationNotFoundError"]),
    call("s3", "GetBucketLogging", "s3:GetBucketLogging", Home, &["LoggingEnabled.{TargetBucket,TargetPrefix}"]),
    call(
        "s3",
        "GetBucketReplication",
        "s3:GetReplicationConfiguration",
        Home,
        &[
            "ReplicationConfiguration.Rules[].{ID,Status,Prefix}",
            "ReplicationConfiguration.Rules[].Filter.{Prefix,Tag.Key}",
            "ReplicationConfiguration.Rules[].Filter.And.Prefix",
            "ReplicationConfiguration.Rules[].Filter.And.Tags[].Key",
            "ReplicationConfiguration.Rules[].SourceSelectionCriteria.SseKmsEncryptedObjects.Status",
        ],
    )
    .absent(&["ReplicationConfigurationNotFoundError"]),
    call(
        "s3",
        "GetBucketAcl",
        "s3:GetBucketAcl",
        Home,
        &["Owner.ID", "Grants[].Grantee.{Type,ID,URI}", "Grants[].Permission"],
    ),
    call("s3", "GetBucketRequestPayment", "s3:GetBucketRequestPayment", Home, &["Payer"]),
    call("s3", "GetBucketTagging", "s3:GetBucketTagging", Home, &["TagSet[].{Key:stack,Value:stack}"])
        .absent(&["NoSuchTagSet"])
        .unjudged(),
    // Keys: of trails, stores and topics.
    call(
        "kms",
        "DescribeKey",
        "kms:DescribeKey",
        Home,
        &[
            "KeyMetadata.{Arn,KeyId,KeyState,KeyManager,KeySpec,KeyUsage,Origin,MultiRegion,DeletionDate:time}",
            "KeyMetadata.MultiRegionConfiguration.MultiRegionKeyType",
        ],
    )
    .absent(&["NotFoundException"]),
    call("kms", "GetKeyPolicy", "kms:GetKeyPolicy", Home, &["PolicyName", "Policy"]).absent(&["NotFoundException"]),
    call(
        "kms",
        "GetKeyRotationStatus",
        "kms:GetKeyRotationStatus",
        Home,
        &["KeyRotationEnabled", "RotationPeriodInDays"],
    )
    .absent(&["UnsupportedOperationException", "NotFoundException"]),
    call("kms", "ListResourceTags", "kms:ListResourceTags", Home, &["Tags[].{TagKey:stack,TagValue:stack}"])
        .absent(&["NotFoundException"])
        .unjudged(),
    // The trail's log group.
    call(
        "logs",
        "DescribeLogGroups",
        "logs:DescribeLogGroups",
        Home,
        &["logGroups[].{logGroupName,arn,retentionInDays,kmsKeyId,logGroupClass}"],
    ),
    call(
        "logs",
        "ListTagsForResource",
        "logs:ListTagsForResource",
        Home,
        &["tags.{aws:cloudformation:stack-name,aws:cloudformation:logical-id}"],
    )
    .absent(&["ResourceNotFoundException"])
    .unjudged(),
    call(
        "logs",
        "DescribeResourcePolicies",
        "logs:DescribeResourcePolicies",
        Home,
        &["resourcePolicies[].{policyName,policyDocument,policyScope,resourceArn}"],
    ),
    call(
        "sns",
        "GetTopicAttributes",
        "sns:GetTopicAttributes",
        Home,
        &["Attributes.{TopicArn,Owner,Policy,KmsMasterKeyId,SubscriptionsConfirmed,SubscriptionsPending}"],
    )
    .absent(&["NotFound"]),
    call("sns", "ListTagsForResource", "sns:ListTagsForResource", Home, &["Tags[].{Key:stack,Value:stack}"])
        .absent(&["ResourceNotFound", "ResourceNotFoundException"])
        .unjudged(),
    // Who could tamper, and the role that CloudTrail writes to its log group with.
    call(
        "iam",
        "GetAccountAuthorizationDetails",
        "iam:GetAccountAuthorizationDetails",
        Global,
        &[
            "UserDetailList[].{Arn,UserName,GroupList[]}",
            "UserDetailList[].UserPolicyList[].{PolicyName,PolicyDocument:document}",
            "UserDetailList[].AttachedManagedPolicies[].{PolicyName,PolicyArn}",
            "UserDetailList[].PermissionsBoundary.PermissionsBoundaryArn",
            "GroupDetailList[].{Arn,GroupName}",
            "GroupDetailList[].GroupPolicyList[].{PolicyName,PolicyDocument:document}",
            "GroupDetailList[].AttachedManagedPolicies[].{PolicyName,PolicyArn}",
            "RoleDetailList[].{Arn,RoleName,AssumeRolePolicyDocument:document}",
            "RoleDetailList[].RolePolicyList[].{PolicyName,PolicyDocument:document}",
            "RoleDetailList[].AttachedManagedPolicies[].{PolicyName,PolicyArn}",
            "RoleDetailList[].PermissionsBoundary.PermissionsBoundaryArn",
            "Policies[].{Arn,PolicyName}",
            "Policies[].PolicyVersionList[?IsDefaultVersion].{IsDefaultVersion:bool,Document:document}",
        ],
    ),
    // The organization. Only its management account and delegated administrators may ask for more than the first.
    call(
        "organizations",
        "DescribeOrganization",
        "organizations:DescribeOrganization",
        Global,
        &["Organization.{Id,Arn,FeatureSet,MasterAccountArn,MasterAccountId}"],
    )
    .absent(&["AWSOrganizationsNotInUseException"]),
    call("organizations", "ListRoots", "organizations:ListRoots", Global, &["Roots[].{Id,Arn,Name,PolicyTypes}"]),
    call(
        "organizations",
        "ListOrganizationalUnitsForParent",
        "organizations:ListOrganizationalUnitsForParent",
        Global,
        &["OrganizationalUnits[].{Id,Arn,Name}"],
    ),
    call(
        "organizations",
        "ListAccountsForParent",
        "organizations:ListAccountsForParent",
        Global,
        &["Accounts[].{Id,Arn,Name,State,Status}"],
    ),
    call(
        "organizations",
        "ListPolicies",
        "organizations:ListPolicies",
        Global,
        &["Policies[].{Id,Arn,Name,Type,AwsManaged}"],
    ),
    call(
        "organizations",
        "DescribePolicy",
        "organizations:DescribePolicy",
        Global,
        &["Policy.PolicySummary.{Id,Arn,Name,Type,AwsManaged}", "Policy.Content"],
    ),
    call("organizations", "ListTargetsForPolicy", "organizations:ListTargetsForPolicy", Global, &["Targets[].{TargetId,Arn,Name,Type}"]),
    call(
        "organizations",
        "ListDelegatedAdministrators",
        "organizations:ListDelegatedAdministrators",
        Global,
        &["DelegatedAdministrators[].{Id,Arn,Name,State,Status}"],
    ),
];
