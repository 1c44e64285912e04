//! What other tools call our checks, as far as their question is ours, or ours is narrower: their suppression may hold ours back.
//!
//! Where a question is only near to ours, a suppression says nothing about it, and no row is here.

/// A check, and what each tool calls it.
pub(super) struct Row {
    pub(super) checks: &'static [&'static str],
    pub(super) checkov: &'static [&'static str],
    /// Numbers, and what comes before the service's name in long ids.
    pub(super) trivy: &'static [&'static str],
    pub(super) guard: &'static [&'static str],
    /// Without the prefix of the pack.
    pub(super) cdk_nag: &'static [&'static str],
    pub(super) terrascan: &'static [&'static str],
    pub(super) cfn_nag: &'static [&'static str],
    pub(super) kics: &'static [&'static str],
}

const NONE: Row =
    Row { checks: &[], checkov: &[], trivy: &[], guard: &[], cdk_nag: &[], terrascan: &[], cfn_nag: &[], kics: &[] };

/// The rows, in the order of the pages of reference.
pub(super) const ROWS: &[Row] = &[
    Row {
        checks: &["trail_single_region"],
        checkov: &["CKV_AWS_67"],
        trivy: &["0014", "aws-cloudtrail-enable-all-regions"],
        guard: &["MULTI_REGION_CLOUD_TRAIL_ENABLED"],
        terrascan: &["AC_AWS_0034", "AC_AWS_0448"],
        kics: &["8173d5eb-96b5-4aa6-a71b-ecfa153c123d", "058ac855-989f-4378-ba4d-52d004020da7"],
        ..NONE
    },
    Row {
        checks: &["trail_stopped"],
        checkov: &["CKV_AWS_251"],
        guard: &["CLOUD_TRAIL_ENABLED"],
        kics: &["4bb76f17-3d63-4529-bdca-2b454529d774", "5c0b06d5-b7a4-484c-aeb0-75a836269ff0"],
        ..NONE
    },
    Row {
        checks: &["trail_without_log_validation"],
        checkov: &["CKV_AWS_36"],
        trivy: &["0016", "aws-cloudtrail-enable-log-validation"],
        guard: &["CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED"],
        cdk_nag: &["CloudTrailLogFileValidationEnabled"],
        terrascan: &["AC_AWS_0446"],
        kics: &["52ffcfa6-6c70-4ea6-8376-d828d3961669", "2a3560fe-52ca-4443-b34f-bf0ed5eb74c8"],
        ..NONE
    },
    Row {
        checks: &["trail_without_kms_key"],
        checkov: &["CKV_AWS_35"],
        trivy: &["0015", "aws-cloudtrail-encryption-customer-managed-key"],
        guard: &["CLOUD_TRAIL_ENCRYPTION_ENABLED"],
        cdk_nag: &["CloudTrailEncryptionEnabled"],
        terrascan: &["AC_AWS_0033"],
        kics: &["5d9e3164-9265-470c-9a10-57ae454ac0c7", "050a9ba8-d1cb-4c61-a5e8-8805a70d3b85"],
        ..NONE
    },
    Row {
        checks: &["trail_without_cloudwatch_logs"],
        checkov: &["CKV2_AWS_10"],
        trivy: &["0162", "aws-cloudtrail-ensure-cloudwatch-integration"],
        guard: &["CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED"],
        cdk_nag: &["CloudTrailCloudWatchLogsEnabled"],
        kics: &["17b30f8f-8dfb-4597-adf6-57600b6cf25e", "65d07da5-9af5-44df-8983-52d2e6f24c44"],
        ..NONE
    },
    Row {
        checks: &["trail_without_sns_topic"],
        checkov: &["CKV_AWS_252"],
        terrascan: &["AC_AWS_0035"],
        kics: &["482b7d26-0bdb-4b5f-bf6f-545826c0a3dd", "3e09413f-471e-40f3-8626-990c79ae63f3"],
        ..NONE
    },
    Row {
        checks: &["trail_s3_write_events_missing"],
        trivy: &["0171"],
        guard: &["CLOUDTRAIL_S3_DATAEVENTS_ENABLED"],
        kics: &["a8fc2180-b3ac-4c93-bd0d-a55b974e4b07"],
        ..NONE
    },
    Row {
        checks: &["trail_s3_read_events_missing"],
        trivy: &["0172"],
        guard: &["CLOUDTRAIL_S3_DATAEVENTS_ENABLED"],
        kics: &["a8fc2180-b3ac-4c93-bd0d-a55b974e4b07"],
        ..NONE
    },
    Row { checks: &["store_without_kms_key"], checkov: &["CKV_AWS_294"], ..NONE },
    Row {
        checks: &["bucket_public_access_not_blocked", "bucket_public_access_unstated"],
        checkov: &["CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56", "CKV2_AWS_6"],
        trivy: &["0086", "0087", "0091", "0093", "0094"],
        guard: &["S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED"],
        cdk_nag: &["S3BucketLevelPublicAccessProhibited", "AwsSolutions-S2"],
        kics: &[
            "d0cc8694-fcad-43ff-ac86-32331d7e867f",
            "4fa66806-0dd9-4f8d-9480-3174d39c7c91",
            "1ec253ab-c220-4d63-b2de-5b40e0af9293",
            "48f100d9-f499-4c6d-b2b8-deafe47ffb26",
            "6c8d51af-218d-4bfb-94a9-94eabaa0703a",
            "350cd468-0e2c-44ef-9d22-cfb73a62523c",
        ],
        ..NONE
    },
    Row {
        checks: &["bucket_without_access_logging"],
        checkov: &["CKV_AWS_18"],
        trivy: &["0163", "0089", "aws-cloudtrail-require-bucket-access-logging"],
        guard: &["S3_BUCKET_LOGGING_ENABLED"],
        cdk_nag: &["S3BucketLoggingEnabled", "AwsSolutions-S1"],
        terrascan: &["AC_AWS_0497"],
        cfn_nag: &["W35"],
        kics: &[
            "ee9e50e8-b2ed-4176-ad42-8fc0cf7593f4",
            "f861041c-8c9f-4156-acfc-5e6e524f5884",
            "c3ce69fd-e3df-49c6-be78-1db3f802261c",
            "4552b71f-0a2a-4bc4-92dd-ed7ec1b4674c",
        ],
    },
    Row {
        checks: &["bucket_without_versioning"],
        checkov: &["CKV_AWS_21"],
        trivy: &["0090"],
        guard: &["S3_BUCKET_VERSIONING_ENABLED"],
        cdk_nag: &["S3BucketVersioningEnabled"],
        terrascan: &["AC_AWS_0214"],
        kics: &["568a4d22-3517-44a6-a7ad-6a7eed88722c", "a227ec01-f97a-4084-91a4-47b350c1db54"],
        ..NONE
    },
    Row {
        checks: &["bucket_without_mfa_delete"],
        trivy: &["0170"],
        kics: &["c5b31ab9-0f26-4a49-b8aa-4cc064392f4d"],
        ..NONE
    },
    Row {
        checks: &["bucket_without_object_lock"],
        checkov: &["CKV_AWS_143"],
        guard: &["S3_BUCKET_DEFAULT_LOCK_ENABLED"],
        cdk_nag: &["S3BucketDefaultLockEnabled"],
        ..NONE
    },
    Row {
        checks: &["bucket_allows_plain_http"],
        checkov: &["CKV_AWS_379"],
        guard: &["S3_BUCKET_SSL_REQUESTS_ONLY"],
        cdk_nag: &["S3BucketSSLRequestsOnly", "AwsSolutions-S10"],
        kics: &["4bc4dd4c-7d8d-405e-a0fb-57fa4c31b4d9", "38c64e76-c71e-4d92-a337-60174d1de1c9"],
        ..NONE
    },
    Row { checks: &["bucket_without_lifecycle"], checkov: &["CKV2_AWS_61"], ..NONE },
    Row {
        checks: &["bucket_without_kms_encryption"],
        checkov: &["CKV_AWS_145"],
        trivy: &["0132"],
        guard: &["S3_DEFAULT_ENCRYPTION_KMS"],
        cdk_nag: &["S3DefaultEncryptionKMS"],
        ..NONE
    },
    Row { checks: &["bucket_acls_enabled"], checkov: &["CKV2_AWS_65"], ..NONE },
    Row {
        checks: &["bucket_policy_missing"],
        cfn_nag: &["W51"],
        kics: &["37fa8188-738b-42c8-bf82-6334ea567738"],
        ..NONE
    },
    Row {
        checks: &["key_rotation_off"],
        checkov: &["CKV_AWS_7"],
        trivy: &["0065"],
        guard: &["CMK_BACKING_KEY_ROTATION_ENABLED"],
        cdk_nag: &["KMSBackingKeyRotationEnabled", "AwsSolutions-KMS5"],
        terrascan: &["AC_AWS_0160"],
        cfn_nag: &["F19"],
        kics: &[
            "22fbfeac-7b5a-421a-8a27-7a2178bb910b",
            "1c07bfaf-663c-4f6f-b22b-8e2d481e4df5",
            "235ca980-eb71-48f4-9030-df0c371029eb",
        ],
    },
    Row { checks: &["key_deletion_window_short"], kics: &["0b530315-0ea4-497f-b34c-4ff86268f59d"], ..NONE },
    Row {
        checks: &["log_group_retention_short"],
        checkov: &["CKV_AWS_338"],
        guard: &["CW_LOGGROUP_RETENTION_PERIOD_CHECK"],
        cdk_nag: &["CloudWatchLogGroupRetentionPeriod"],
        terrascan: &["AC_AWS_0041", "AC_AWS_0452"],
        ..NONE
    },
    Row {
        checks: &["log_group_without_kms_key"],
        checkov: &["CKV_AWS_158"],
        trivy: &["0017"],
        guard: &["CLOUDWATCH_LOG_GROUP_ENCRYPTED"],
        cdk_nag: &["CloudWatchLogGroupEncrypted"],
        terrascan: &["AC_AWS_0451"],
        cfn_nag: &["W84"],
        kics: &["0afbcfe9-d341-4b92-a64c-7e6de0543879"],
    },
    Row {
        checks: &["topic_without_kms_key"],
        checkov: &["CKV_AWS_26"],
        trivy: &["0095"],
        guard: &["SNS_ENCRYPTED_KMS"],
        cdk_nag: &["SNSEncryptedKMS"],
        cfn_nag: &["W47"],
        kics: &["28545147-2fc6-42d5-a1f9-cf226658e591", "9d13b150-a2ab-42a1-b6f4-142e41f81e52"],
        ..NONE
    },
];
