//! The table of properties: every property that the model reads, in one row each.
//!
//! A row says how the property is spelled and what silence means (facts of the CloudFormation resource reference and the
//! API reference of each service; where they contradict each other, the effective behaviour). Nothing else in the model
//! spells a property.

use crate::read::{Default, Property};

/// A boolean that is off where it is left out.
const fn off(path: &'static str) -> Property {
    Property::with(path, Default::Bool(false))
}

/// A boolean that is on where it is left out.
const fn on(path: &'static str) -> Property {
    Property::with(path, Default::Bool(true))
}

/// A property without a default.
const fn optional(path: &'static str) -> Property {
    Property::optional(path)
}

macro_rules! properties {
    ($($(#[$doc:meta])* $name:ident = $row:expr;)*) => {
        $($(#[$doc])* pub(super) const $name: Property = $row;)*
    };
}

// AWS::CloudTrail::Trail
properties! {
    /// Required: CloudFormation starts or stops the trail by it.
    IS_LOGGING = optional("IsLogging");
    TRAIL_NAME = optional("TrailName");
    IS_MULTI_REGION = off("IsMultiRegionTrail");
    /// The API's default is true, CloudFormation's effective one is false (a multi-Region trail without it is refused).
    GLOBAL_EVENTS = optional("IncludeGlobalServiceEvents");
    LOG_FILE_VALIDATION = off("EnableLogFileValidation");
    IS_ORGANIZATION_TRAIL = off("IsOrganizationTrail");
    S3_BUCKET_NAME = optional("S3BucketName");
    S3_KEY_PREFIX = optional("S3KeyPrefix");
    TRAIL_KEY = optional("KMSKeyId");
    TRAIL_LOG_GROUP = optional("CloudWatchLogsLogGroupArn");
    TRAIL_LOG_ROLE = optional("CloudWatchLogsRoleArn");
    TRAIL_TOPIC = optional("SnsTopicName");
    EVENT_SELECTORS = optional("EventSelectors");
    ADVANCED_EVENT_SELECTORS = optional("AdvancedEventSelectors");
    INSIGHT_SELECTORS = optional("InsightSelectors");
    INSIGHT_TYPE = optional("InsightType");
    /// Management where it is left out.
    INSIGHT_CATEGORIES = optional("EventCategories");
    TAGS = optional("Tags");
    TAG_KEY = optional("Key");
}

// Event selectors
properties! {
    READ_WRITE_TYPE = Property::with("ReadWriteType", Default::Text("All"));
    INCLUDE_MANAGEMENT_EVENTS = on("IncludeManagementEvents");
    EXCLUDE_SOURCES = optional("ExcludeManagementEventSources");
    DATA_RESOURCES = optional("DataResources");
    DATA_RESOURCE_TYPE = optional("Type");
    DATA_RESOURCE_VALUES = optional("Values");
    FIELD_SELECTORS = optional("FieldSelectors");
    FIELD = optional("Field");
    EQUALS = optional("Equals");
    NOT_EQUALS = optional("NotEquals");
    STARTS_WITH = optional("StartsWith");
    NOT_STARTS_WITH = optional("NotStartsWith");
    ENDS_WITH = optional("EndsWith");
    NOT_ENDS_WITH = optional("NotEndsWith");
}

// AWS::CloudTrail::EventDataStore
properties! {
    STORE_KEY = optional("KmsKeyId");
    TERMINATION_PROTECTION = on("TerminationProtectionEnabled");
    /// 366 days under extendable pricing, 2557 under the fixed one.
    STORE_RETENTION = optional("RetentionPeriod");
    BILLING_MODE = Property::with("BillingMode", Default::Text("EXTENDABLE_RETENTION_PRICING"));
    STORE_MULTI_REGION = Property::with(
        "MultiRegionEnabled",
        Default::Unknown("CloudFormation does not say what it does where `MultiRegionEnabled` is left out"),
    );
    STORE_ORGANIZATION = off("OrganizationEnabled");
    INGESTION_ENABLED = on("IngestionEnabled");
}

// AWS::CloudTrail::ResourcePolicy, AWS::CloudTrail::Channel
properties! {
    STORE_POLICY_ARN = optional("ResourceArn");
    STORE_POLICY = optional("ResourcePolicy");
    CHANNEL_DESTINATIONS = optional("Destinations");
    CHANNEL_LOCATION = optional("Location");
}

// AWS::S3::Bucket
properties! {
    BUCKET_NAME = optional("BucketName");
    /// A canned ACL; private where it is left out.
    BUCKET_ACL = optional("AccessControl");
    VERSIONING_STATUS = optional("VersioningConfiguration.Status");
    OBJECT_LOCK_ENABLED = optional("ObjectLockEnabled");
    LOCK_CONFIGURATION_ENABLED = optional("ObjectLockConfiguration.ObjectLockEnabled");
    LOCK_DAYS = optional("ObjectLockConfiguration.Rule.DefaultRetention.Days");
    LOCK_YEARS = optional("ObjectLockConfiguration.Rule.DefaultRetention.Years");
    BLOCK_PUBLIC_ACLS = optional("PublicAccessBlockConfiguration.BlockPublicAcls");
    IGNORE_PUBLIC_ACLS = optional("PublicAccessBlockConfiguration.IgnorePublicAcls");
    BLOCK_PUBLIC_POLICY = optional("PublicAccessBlockConfiguration.BlockPublicPolicy");
    RESTRICT_PUBLIC_BUCKETS = optional("PublicAccessBlockConfiguration.RestrictPublicBuckets");
    LOGGING = optional("LoggingConfiguration");
    LOGGING_DESTINATION = optional("LoggingConfiguration.DestinationBucketName");
    OWNERSHIP_RULES = optional("OwnershipControls.Rules");
    OBJECT_OWNERSHIP = optional("ObjectOwnership");
    ENCRYPTION_RULES = optional("BucketEncryption.ServerSideEncryptionConfiguration");
    SSE_ALGORITHM = optional("ServerSideEncryptionByDefault.SSEAlgorithm");
    LIFECYCLE_RULES = optional("LifecycleConfiguration.Rules");
    RULE_STATUS = optional("Status");
    RULE_PREFIX = optional("Prefix");
    RULE_TAG_FILTERS = optional("TagFilters");
    RULE_LARGER_THAN = optional("ObjectSizeGreaterThan");
    RULE_SMALLER_THAN = optional("ObjectSizeLessThan");
    EXPIRATION_DAYS = optional("ExpirationInDays");
    EXPIRATION_DATE = optional("ExpirationDate");
    NONCURRENT = optional("NoncurrentVersionExpiration");
    NONCURRENT_DAYS = optional("NoncurrentVersionExpiration.NoncurrentDays");
    NEWER_NONCURRENT_VERSIONS = optional("NoncurrentVersionExpiration.NewerNoncurrentVersions");
    NONCURRENT_DAYS_LEGACY = optional("NoncurrentVersionExpirationInDays");
}

// AWS::S3::BucketPolicy, Custom::S3AutoDeleteObjects
properties! {
    POLICY_BUCKET = optional("Bucket");
    POLICY_DOCUMENT = optional("PolicyDocument");
    AUTO_DELETE_BUCKET = optional("BucketName");
}

// AWS::KMS::Key, AWS::KMS::ReplicaKey, AWS::KMS::Alias
properties! {
    KEY_ENABLED = on("Enabled");
    KEY_MULTI_REGION = off("MultiRegion");
    KEY_POLICY = optional("KeyPolicy");
    KEY_ROTATION = off("EnableKeyRotation");
    KEY_SPEC = Property::with("KeySpec", Default::Text("SYMMETRIC_DEFAULT"));
    KEY_USAGE = Property::with("KeyUsage", Default::Text("ENCRYPT_DECRYPT"));
    KEY_ORIGIN = Property::with("Origin", Default::Text("AWS_KMS"));
    PENDING_WINDOW = Property::with("PendingWindowInDays", Default::Number(30.0));
    ALIAS_NAME = optional("AliasName");
    ALIAS_TARGET = optional("TargetKeyId");
}

// AWS::Logs::LogGroup
properties! {
    LOG_GROUP_NAME = optional("LogGroupName");
    /// Never expires where it is left out.
    LOG_GROUP_RETENTION = optional("RetentionInDays");
    LOG_GROUP_KEY = optional("KmsKeyId");
    LOG_GROUP_POLICY = optional("ResourcePolicyDocument");
}

// AWS::SNS::Topic, AWS::SNS::TopicPolicy, AWS::SNS::TopicInlinePolicy
properties! {
    TOPIC_NAME = optional("TopicName");
    TOPIC_KEY = optional("KmsMasterKeyId");
    TOPIC_FIFO = off("FifoTopic");
    POLICY_TOPICS = optional("Topics");
    POLICY_TOPIC = optional("TopicArn");
}

// AWS::IAM::Role, User, Group, Policy, ManagedPolicy, RolePolicy, UserPolicy, GroupPolicy
properties! {
    ROLE_NAME = optional("RoleName");
    USER_NAME = optional("UserName");
    GROUP_NAME = optional("GroupName");
    TRUST_POLICY = optional("AssumeRolePolicyDocument");
    INLINE_POLICIES = optional("Policies");
    MANAGED_POLICIES = optional("ManagedPolicyArns");
    BOUNDARY = optional("PermissionsBoundary");
    POLICY_ROLES = optional("Roles");
}

// AWS::Organizations::Organization, Account, OrganizationalUnit, Policy
properties! {
    /// The root where it is left out.
    ACCOUNT_PARENTS = optional("ParentIds");
    UNIT_PARENT = optional("ParentId");
    FEATURE_SET = Property::with("FeatureSet", Default::Text("ALL"));
    ORGANIZATION_POLICY_TYPE = optional("Type");
    ORGANIZATION_POLICY_CONTENT = optional("Content");
    ORGANIZATION_POLICY_TARGETS = optional("TargetIds");
}

// Policy documents
properties! {
    VERSION = optional("Version");
    STATEMENT = optional("Statement");
    SID = optional("Sid");
    EFFECT = optional("Effect");
    PRINCIPAL = optional("Principal");
    NOT_PRINCIPAL = optional("NotPrincipal");
    ACTION = optional("Action");
    NOT_ACTION = optional("NotAction");
    RESOURCE = optional("Resource");
    NOT_RESOURCE = optional("NotResource");
    CONDITION = optional("Condition");
}
