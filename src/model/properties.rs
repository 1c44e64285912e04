//! The table of properties: every property that the model reads, in one row each.
//!
//! A row says how the property is spelled, by CloudFormation and by Terraform, and what silence means (facts of the
//! CloudFormation resource reference, of the schema of Terraform's provider and of the API reference of each service;
//! where they contradict each other, the effective behaviour). Nothing else in the model spells a property.

use crate::read::{Default, Property};

/// A boolean that is off where it is left out.
const fn off(cloudformation: &'static str, terraform: &'static str) -> Property {
    optional(cloudformation, terraform).or(Default::Bool(false))
}

/// A boolean that is on where it is left out.
const fn on(cloudformation: &'static str, terraform: &'static str) -> Property {
    optional(cloudformation, terraform).or(Default::Bool(true))
}

/// A property without a default.
const fn optional(cloudformation: &'static str, terraform: &'static str) -> Property {
    Property::spelled(cloudformation, terraform)
}

/// A property that only CloudFormation has.
const fn beyond_terraform(cloudformation: &'static str) -> Property {
    Property::optional(cloudformation)
}

/// A property that only Terraform has.
const fn beyond_cloudformation(terraform: &'static str) -> Property {
    Property::beyond_cloudformation(terraform)
}

/// A property that only evidence has.
const fn answered(path: &'static str) -> Property {
    Property::answered_alone(path)
}

/// An element of a policy document.
const fn element(name: &'static str) -> Property {
    Property::optional(name)
}

macro_rules! properties {
    ($($(#[$doc:meta])* $name:ident = $row:expr;)*) => {
        $($(#[$doc])* pub(super) const $name: Property = $row;)*
    };
}

// AWS::CloudTrail::Trail
properties! {
    /// Required in CloudFormation, which starts or stops the trail by it.
    IS_LOGGING = optional("IsLogging", "enable_logging").terraform_or(Default::Bool(true)).answered("GetTrailStatus.IsLogging");
    STATUS_AT = answered("GetTrailStatus.At");
    LOGGING_STARTED = answered("GetTrailStatus.StartLoggingTime");
    LOGGING_STOPPED = answered("GetTrailStatus.StopLoggingTime");
    DELIVERY_ERROR = answered("GetTrailStatus.LatestDeliveryError");
    DELIVERY_TIME = answered("GetTrailStatus.LatestDeliveryTime");
    DIGEST_ERROR = answered("GetTrailStatus.LatestDigestDeliveryError");
    DIGEST_TIME = answered("GetTrailStatus.LatestDigestDeliveryTime");
    LOG_GROUP_ERROR = answered("GetTrailStatus.LatestCloudWatchLogsDeliveryError");
    LOG_GROUP_TIME = answered("GetTrailStatus.LatestCloudWatchLogsDeliveryTime");
    NOTIFICATION_ERROR = answered("GetTrailStatus.LatestNotificationError");
    NOTIFICATION_TIME = answered("GetTrailStatus.LatestNotificationTime");
    TRAIL_NAME = optional("TrailName", "name").answered("DescribeTrails.Name");
    IS_MULTI_REGION = off("IsMultiRegionTrail", "is_multi_region_trail").answered("DescribeTrails.IsMultiRegionTrail");
    /// The API's default is true, CloudFormation's effective one is false (a multi-Region trail without it is refused).
    GLOBAL_EVENTS =
        optional("IncludeGlobalServiceEvents", "include_global_service_events")
            .terraform_or(Default::Bool(true)).answered("DescribeTrails.IncludeGlobalServiceEvents").answered_or(Default::Bool(true));
    LOG_FILE_VALIDATION = off("EnableLogFileValidation", "enable_log_file_validation").answered("DescribeTrails.LogFileValidationEnabled");
    IS_ORGANIZATION_TRAIL = off("IsOrganizationTrail", "is_organization_trail").answered("DescribeTrails.IsOrganizationTrail");
    S3_BUCKET_NAME = optional("S3BucketName", "s3_bucket_name").answered("DescribeTrails.S3BucketName");
    S3_KEY_PREFIX = optional("S3KeyPrefix", "s3_key_prefix").answered("DescribeTrails.S3KeyPrefix");
    TRAIL_KEY = optional("KMSKeyId", "kms_key_id").answered("DescribeTrails.KmsKeyId");
    TRAIL_LOG_GROUP = optional("CloudWatchLogsLogGroupArn", "cloud_watch_logs_group_arn").answered("DescribeTrails.CloudWatchLogsLogGroupArn");
    TRAIL_LOG_ROLE = optional("CloudWatchLogsRoleArn", "cloud_watch_logs_role_arn").answered("DescribeTrails.CloudWatchLogsRoleArn");
    TRAIL_TOPIC = optional("SnsTopicName", "sns_topic_name").answered("DescribeTrails.SnsTopicARN|DescribeTrails.SnsTopicName");
    EVENT_SELECTORS = optional("EventSelectors", "event_selector").answered("GetEventSelectors.EventSelectors");
    ADVANCED_EVENT_SELECTORS = optional("AdvancedEventSelectors", "advanced_event_selector").answered("GetEventSelectors.AdvancedEventSelectors|GetEventDataStore.AdvancedEventSelectors");
    INSIGHT_SELECTORS = optional("InsightSelectors", "insight_selector").answered("GetInsightSelectors.InsightSelectors");
    INSIGHT_TYPE = optional("InsightType", "insight_type");
    /// Management where it is left out.
    INSIGHT_CATEGORIES = optional("EventCategories", "event_categories");
    TAGS = optional("Tags", "tags").answered("ListTags.TagsList");
    TAG_KEY = optional("Key", "key");
    /// Neither CloudFormation nor Terraform has it; off, the trail leaves out what its own deliveries cause.
    RECURSIVE_LOGGING = answered("DescribeTrails.RecursiveLogging").or(Default::Bool(true));
}

// Event selectors
properties! {
    READ_WRITE_TYPE = optional("ReadWriteType", "read_write_type").or(Default::Text("All"));
    INCLUDE_MANAGEMENT_EVENTS = on("IncludeManagementEvents", "include_management_events");
    EXCLUDE_SOURCES = optional("ExcludeManagementEventSources", "exclude_management_event_sources");
    DATA_RESOURCES = optional("DataResources", "data_resource");
    DATA_RESOURCE_TYPE = optional("Type", "type");
    DATA_RESOURCE_VALUES = optional("Values", "values");
    FIELD_SELECTORS = optional("FieldSelectors", "field_selector");
    FIELD = optional("Field", "field");
    EQUALS = optional("Equals", "equals");
    NOT_EQUALS = optional("NotEquals", "not_equals");
    STARTS_WITH = optional("StartsWith", "starts_with");
    NOT_STARTS_WITH = optional("NotStartsWith", "not_starts_with");
    ENDS_WITH = optional("EndsWith", "ends_with");
    NOT_ENDS_WITH = optional("NotEndsWith", "not_ends_with");
}

// AWS::CloudTrail::EventDataStore
properties! {
    STORE_KEY = optional("KmsKeyId", "kms_key_id").answered("GetEventDataStore.KmsKeyId");
    TERMINATION_PROTECTION = on("TerminationProtectionEnabled", "termination_protection_enabled").answered("GetEventDataStore.TerminationProtectionEnabled");
    /// In CloudFormation 366 days under extendable pricing, 2557 under the fixed one.
    STORE_RETENTION = optional("RetentionPeriod", "retention_period").terraform_or(Default::Number(2555.0)).answered("GetEventDataStore.RetentionPeriod");
    BILLING_MODE = optional("BillingMode", "billing_mode").or(Default::Text("EXTENDABLE_RETENTION_PRICING")).answered("GetEventDataStore.BillingMode");
    STORE_MULTI_REGION =
        optional("MultiRegionEnabled", "multi_region_enabled")
            .or(Default::Unknown("CloudFormation does not say what it does where `MultiRegionEnabled` is left out"))
            .terraform_or(Default::Bool(true)).answered("GetEventDataStore.MultiRegionEnabled");
    STORE_ORGANIZATION = off("OrganizationEnabled", "organization_enabled").answered("GetEventDataStore.OrganizationEnabled");
    INGESTION_ENABLED = on("IngestionEnabled", "suspend").opposite().answered("GetEventDataStore.IngestionEnabled");
}

// AWS::CloudTrail::ResourcePolicy, AWS::CloudTrail::Channel
properties! {
    STORE_POLICY_ARN = beyond_terraform("ResourceArn").answered("ResourceArn");
    STORE_POLICY = beyond_terraform("ResourcePolicy").answered("GetResourcePolicy.ResourcePolicy");
    CHANNEL_DESTINATIONS = beyond_terraform("Destinations").answered("GetChannel.Destinations");
    CHANNEL_LOCATION = beyond_terraform("Location");
}

// AWS::S3::Bucket
properties! {
    BUCKET_NAME = optional("BucketName", "bucket").answered("Name");
    /// A canned ACL; private where it is left out.
    BUCKET_ACL = optional("AccessControl", "aws_s3_bucket_acl.acl").answered("GetBucketAcl.CannedACL");
    VERSIONING_STATUS =
        optional("VersioningConfiguration.Status", "aws_s3_bucket_versioning.versioning_configuration.status").answered("GetBucketVersioning.Status");
    /// `Enabled` or `Disabled`.
    MFA_DELETE =
        beyond_cloudformation("aws_s3_bucket_versioning.versioning_configuration.mfa_delete")
            .or(Default::Unseen(
                "MFA delete",
                "only the root user turns MFA delete on, by hand, so whether it is on cannot be seen",
            )).answered("GetBucketVersioning.MFADelete")
            .answered_or(Default::Text("Disabled"));
    OBJECT_LOCK_ENABLED = optional("ObjectLockEnabled", "object_lock_enabled").never_answered();
    LOCK_CONFIGURATION_ENABLED = optional(
        "ObjectLockConfiguration.ObjectLockEnabled",
        "aws_s3_bucket_object_lock_configuration.object_lock_enabled",
    ).answered("GetObjectLockConfiguration.ObjectLockConfiguration.ObjectLockEnabled");
    LOCK_DAYS = optional(
        "ObjectLockConfiguration.Rule.DefaultRetention.Days",
        "aws_s3_bucket_object_lock_configuration.rule.default_retention.days",
    ).answered("GetObjectLockConfiguration.ObjectLockConfiguration.Rule.DefaultRetention.Days");
    LOCK_YEARS = optional(
        "ObjectLockConfiguration.Rule.DefaultRetention.Years",
        "aws_s3_bucket_object_lock_configuration.rule.default_retention.years",
    ).answered("GetObjectLockConfiguration.ObjectLockConfiguration.Rule.DefaultRetention.Years");
    LOCK_MODE = optional(
        "ObjectLockConfiguration.Rule.DefaultRetention.Mode",
        "aws_s3_bucket_object_lock_configuration.rule.default_retention.mode",
    ).answered("GetObjectLockConfiguration.ObjectLockConfiguration.Rule.DefaultRetention.Mode");
    REPLICATION_RULES = optional("ReplicationConfiguration.Rules", "aws_s3_bucket_replication_configuration.rule").answered("GetBucketReplication.ReplicationConfiguration.Rules");
    REPLICATED_PREFIX = optional("Filter.Prefix|Filter.And.Prefix|Prefix", "filter.prefix").answered("Filter.Prefix|Filter.And.Prefix|Prefix");
    REPLICATED_TAGS = optional("Filter.TagFilter|Filter.And.TagFilters", "filter.tag").answered("Filter.Tag|Filter.And.Tags");
    /// Objects that KMS encrypts are left out unless the rule says otherwise.
    REPLICATED_KMS = optional(
        "SourceSelectionCriteria.SseKmsEncryptedObjects.Status",
        "source_selection_criteria.sse_kms_encrypted_objects.status",
    ).answered("SourceSelectionCriteria.SseKmsEncryptedObjects.Status");
    BLOCK_PUBLIC_ACLS = optional(
        "PublicAccessBlockConfiguration.BlockPublicAcls",
        "aws_s3_bucket_public_access_block.block_public_acls",
    ).answered("GetPublicAccessBlock.PublicAccessBlockConfiguration.BlockPublicAcls");
    IGNORE_PUBLIC_ACLS = optional(
        "PublicAccessBlockConfiguration.IgnorePublicAcls",
        "aws_s3_bucket_public_access_block.ignore_public_acls",
    ).answered("GetPublicAccessBlock.PublicAccessBlockConfiguration.IgnorePublicAcls");
    BLOCK_PUBLIC_POLICY = optional(
        "PublicAccessBlockConfiguration.BlockPublicPolicy",
        "aws_s3_bucket_public_access_block.block_public_policy",
    ).answered("GetPublicAccessBlock.PublicAccessBlockConfiguration.BlockPublicPolicy");
    RESTRICT_PUBLIC_BUCKETS = optional(
        "PublicAccessBlockConfiguration.RestrictPublicBuckets",
        "aws_s3_bucket_public_access_block.restrict_public_buckets",
    ).answered("GetPublicAccessBlock.PublicAccessBlockConfiguration.RestrictPublicBuckets");
    LOGGING = optional("LoggingConfiguration", "aws_s3_bucket_logging").answered("GetBucketLogging.LoggingEnabled");
    LOGGING_PREFIX = optional("LoggingConfiguration.LogFilePrefix", "aws_s3_bucket_logging.target_prefix").answered("GetBucketLogging.LoggingEnabled.TargetPrefix");
    LOGGING_DESTINATION = optional("LoggingConfiguration.DestinationBucketName", "aws_s3_bucket_logging.target_bucket").answered("GetBucketLogging.LoggingEnabled.TargetBucket");
    OWNERSHIP_RULES = optional("OwnershipControls.Rules", "aws_s3_bucket_ownership_controls.rule").answered("GetBucketOwnershipControls.OwnershipControls.Rules");
    OBJECT_OWNERSHIP = optional("ObjectOwnership", "object_ownership");
    ENCRYPTION_RULES = optional(
        "BucketEncryption.ServerSideEncryptionConfiguration",
        "aws_s3_bucket_server_side_encryption_configuration.rule",
    ).answered("GetBucketEncryption.ServerSideEncryptionConfiguration.Rules");
    SSE_ALGORITHM = optional(
        "ServerSideEncryptionByDefault.SSEAlgorithm",
        "apply_server_side_encryption_by_default.sse_algorithm",
    ).answered("ApplyServerSideEncryptionByDefault.SSEAlgorithm");
    LIFECYCLE_RULES = optional("LifecycleConfiguration.Rules", "aws_s3_bucket_lifecycle_configuration.rule").answered("GetBucketLifecycleConfiguration.Rules");
    RULE_STATUS = optional("Status", "status");
    RULE_PREFIX = optional("Prefix", "filter.prefix").answered("Filter.Prefix|Filter.And.Prefix|Prefix");
    RULE_TAG_FILTERS = optional("TagFilters", "filter.tag").answered("Filter.Tag|Filter.And.Tags");
    RULE_LARGER_THAN = optional("ObjectSizeGreaterThan", "filter.object_size_greater_than").answered("Filter.ObjectSizeGreaterThan|Filter.And.ObjectSizeGreaterThan");
    RULE_SMALLER_THAN = optional("ObjectSizeLessThan", "filter.object_size_less_than").answered("Filter.ObjectSizeLessThan|Filter.And.ObjectSizeLessThan");
    EXPIRATION_DAYS = optional("ExpirationInDays", "expiration.days").answered("Expiration.Days");
    EXPIRATION_DATE = optional("ExpirationDate", "expiration.date").answered("Expiration.Date");
    NONCURRENT = optional("NoncurrentVersionExpiration", "noncurrent_version_expiration");
    NONCURRENT_DAYS =
        optional("NoncurrentVersionExpiration.NoncurrentDays", "noncurrent_version_expiration.noncurrent_days");
    NEWER_NONCURRENT_VERSIONS = optional(
        "NoncurrentVersionExpiration.NewerNoncurrentVersions",
        "noncurrent_version_expiration.newer_noncurrent_versions",
    );
    NONCURRENT_DAYS_LEGACY = beyond_terraform("NoncurrentVersionExpirationInDays").never_answered();
    /// Who pays for requests: `BucketOwner` or `Requester`.
    PAYER = beyond_cloudformation("aws_s3_bucket_request_payment_configuration.payer").or(Default::Text("BucketOwner")).answered("GetBucketRequestPayment.Payer");
    /// Whether what is in it goes with it.
    FORCE_DESTROY = beyond_cloudformation("force_destroy").or(Default::Bool(false)).never_answered();
}

// AWS::S3::BucketPolicy, Custom::S3AutoDeleteObjects
properties! {
    POLICY_BUCKET = optional("Bucket", "bucket").answered("Bucket");
    POLICY_DOCUMENT = optional("PolicyDocument", "policy|policy_document").answered("PolicyDocument|GetBucketPolicy.Policy|GetTopicAttributes.Attributes.Policy|DescribeResourcePolicies.policyDocument|GetAccountAuthorizationDetails.Document");
    AUTO_DELETE_BUCKET = beyond_terraform("BucketName").never_answered();
}

// AWS::KMS::Key, AWS::KMS::ReplicaKey, AWS::KMS::Alias
properties! {
    KEY_ARN = beyond_cloudformation("arn").answered("DescribeKey.KeyMetadata.Arn");
    KEY_ID = beyond_cloudformation("key_id").answered("DescribeKey.KeyMetadata.KeyId");
    KEY_ENABLED = on("Enabled", "is_enabled|enabled").answered("DescribeKey.KeyMetadata.Enabled");
    KEY_MULTI_REGION = off("MultiRegion", "multi_region").answered("DescribeKey.KeyMetadata.MultiRegion");
    KEY_POLICY = optional("KeyPolicy", "policy").answered("GetKeyPolicy.Policy");
    KEY_ROTATION = off("EnableKeyRotation", "enable_key_rotation").answered("GetKeyRotationStatus.KeyRotationEnabled");
    KEY_SPEC = optional("KeySpec", "customer_master_key_spec").or(Default::Text("SYMMETRIC_DEFAULT")).answered("DescribeKey.KeyMetadata.KeySpec");
    KEY_USAGE = optional("KeyUsage", "key_usage").or(Default::Text("ENCRYPT_DECRYPT")).answered("DescribeKey.KeyMetadata.KeyUsage");
    KEY_ORIGIN = optional("Origin", "origin").or(Default::Text("AWS_KMS")).answered("DescribeKey.KeyMetadata.Origin");
    PENDING_WINDOW = optional("PendingWindowInDays", "deletion_window_in_days").or(Default::Number(30.0)).never_answered();
    ALIAS_NAME = optional("AliasName", "name").answered("AliasName");
    ALIAS_TARGET = optional("TargetKeyId", "target_key_id").answered("TargetKeyId");
}

// AWS::Logs::LogGroup
properties! {
    LOG_GROUP_NAME = optional("LogGroupName", "name").answered("Name");
    /// Never expires where it is left out.
    LOG_GROUP_RETENTION = optional("RetentionInDays", "retention_in_days").answered("DescribeLogGroups.retentionInDays");
    LOG_GROUP_KEY = optional("KmsKeyId", "kms_key_id").answered("DescribeLogGroups.kmsKeyId");
    LOG_GROUP_POLICY = beyond_terraform("ResourcePolicyDocument").never_answered();
}

// AWS::SNS::Topic, AWS::SNS::TopicPolicy, AWS::SNS::TopicInlinePolicy
properties! {
    TOPIC_NAME = optional("TopicName", "name").answered("Name");
    TOPIC_KEY = optional("KmsMasterKeyId", "kms_master_key_id").answered("GetTopicAttributes.Attributes.KmsMasterKeyId");
    TOPIC_FIFO = off("FifoTopic", "fifo_topic").answered("GetTopicAttributes.Attributes.FifoTopic");
    POLICY_TOPICS = optional("Topics", "arn").answered("TopicArn");
    POLICY_TOPIC = optional("TopicArn", "arn");
}

// AWS::IAM::Role, User, Group, Policy, ManagedPolicy, RolePolicy, UserPolicy, GroupPolicy
properties! {
    ROLE_NAME = optional("RoleName", "name").answered("RoleName|GetAccountAuthorizationDetails.RoleName");
    USER_NAME = optional("UserName", "name").answered("GetAccountAuthorizationDetails.UserName");
    GROUP_NAME = optional("GroupName", "name").answered("GetAccountAuthorizationDetails.GroupName");
    MANAGED_POLICY_NAME = optional("ManagedPolicyName", "name");
    IDENTITY_PATH = optional("Path", "path");
    TRUST_POLICY = optional("AssumeRolePolicyDocument", "assume_role_policy").answered("GetAccountAuthorizationDetails.AssumeRolePolicyDocument");
    INLINE_POLICIES = optional("Policies", "inline_policy").answered("GetAccountAuthorizationDetails.PolicyList");
    MANAGED_POLICIES = optional("ManagedPolicyArns", "managed_policy_arns").answered("GetAccountAuthorizationDetails.AttachedManagedPolicies");
    BOUNDARY = optional("PermissionsBoundary", "permissions_boundary").answered("GetAccountAuthorizationDetails.PermissionsBoundary.PermissionsBoundaryArn");
    USER_GROUPS = answered("GetAccountAuthorizationDetails.GroupList");
    POLICY_ROLES = optional("Roles", "roles");
    /// Of a function or state machine of SAM: names, ARNs, documents and templates of policies.
    SAM_POLICIES = optional("Policies", "policies");
    SAM_ROLE = optional("Role", "role");
    SET_POLICY = optional("InlinePolicy", "inline_policy");
    SET_MANAGED_POLICIES = optional("ManagedPolicies", "managed_policies");
    /// The one role of a role policy.
    POLICY_ROLE = optional("RoleName", "role");
}

// AWS::Organizations::Organization, Account, OrganizationalUnit, Policy
properties! {
    /// The root where it is left out.
    ACCOUNT_PARENTS = optional("ParentIds", "parent_id").answered("ParentId");
    UNIT_PARENT = optional("ParentId", "parent_id").answered("ParentId");
    ORGANIZATION_ID = answered("DescribeOrganization.Organization.Id");
    MANAGEMENT_ACCOUNT = answered("DescribeOrganization.Organization.MasterAccountId|DescribeOrganization.Organization.ManagementAccountId");
    /// The account's own id.
    ACCOUNT_ID = answered("Id");
    ACCOUNT_STATE = answered("State");
    /// The unit's own id.
    UNIT_ID = answered("Id");
    FEATURE_SET = optional("FeatureSet", "feature_set").or(Default::Text("ALL")).answered("DescribeOrganization.Organization.FeatureSet");
    POLICY_TYPES = answered("PolicyTypes");
    ORGANIZATION_POLICY_TYPE = optional("Type", "type").terraform_or(Default::Text("SERVICE_CONTROL_POLICY")).answered("DescribePolicy.Policy.PolicySummary.Type");
    ORGANIZATION_POLICY_CONTENT = optional("Content", "content").answered("DescribePolicy.Policy.Content");
    ORGANIZATION_POLICY_TARGETS = optional("TargetIds", "target_ids").answered("ListTargetsForPolicy.Targets");
}

// What CloudTrail's delegated administrators are registered by
properties! {
    DELEGATED_ACCOUNT = beyond_cloudformation("account_id").answered("Id");
    DELEGATED_SERVICE = beyond_cloudformation("service_principal").answered("ServicePrincipal");
}

// What evidence says of the account itself
properties! {
    IN_ORGANIZATION = answered("InOrganization");
    TRAILS_LISTED = answered("TrailsListed");
    GONE_NAME = answered("Name");
    ALL_TRAILS_LISTED = answered("AllTrailsListed");
    ACCOUNT_REGIONS = answered("Regions");
    REGIONS_LISTED = answered("RegionsListed");
    TRAIL_COUNTS = answered("TrailCounts");
    COUNT_REGION = answered("Region");
    COUNT_TRAILS = answered("Trails");
    ACCOUNT_EVENTS = answered("Events");
    EVENTS_LISTED = answered("EventsListed");
    EVENTS_ASKED = answered("EventsAsked");
    EVENT_NAME = answered("EventName");
    EVENT_TIME = answered("EventTime");
    EVENT_USER = answered("Username");
    POLICIES_LISTED = answered("PoliciesListed");
    TREE_LISTED = answered("TreeListed");
    IDENTITIES_LISTED = answered("IdentitiesListed");
    ADMINISTRATORS_LISTED = answered("AdministratorsListed");
    ASKED_ITSELF = answered("AskedItself");
}

// Policy documents
properties! {
    VERSION = element("Version");
    STATEMENT = element("Statement");
    SID = element("Sid");
    EFFECT = element("Effect");
    PRINCIPAL = element("Principal");
    NOT_PRINCIPAL = element("NotPrincipal");
    ACTION = element("Action");
    NOT_ACTION = element("NotAction");
    RESOURCE = element("Resource");
    NOT_RESOURCE = element("NotResource");
    CONDITION = element("Condition");
}
