# Attach it to the role or user that runs the scan.
resource "aws_iam_policy" "scan_caller" {
  name        = "trailproof-scan-caller"
  description = "lets whoever scans an organization assume that role, and list the accounts (trailproof policy role/scan_caller)"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "AssumeScanRole"
        Effect = "Allow"
        Action = [
          "sts:AssumeRole",
          "sts:SetSourceIdentity"
        ]
        Resource = "arn:aws:iam::*:role/trailproof-scan"
      },
      {
        Sid    = "ReadAccount"
        Effect = "Allow"
        Action = [
          "account:ListRegions",
          "cloudtrail:DescribeTrails",
          "cloudtrail:GetChannel",
          "cloudtrail:GetEventDataStore",
          "cloudtrail:GetEventSelectors",
          "cloudtrail:GetInsightSelectors",
          "cloudtrail:GetResourcePolicy",
          "cloudtrail:GetTrailStatus",
          "cloudtrail:ListChannels",
          "cloudtrail:ListEventDataStores",
          "cloudtrail:ListTags",
          "cloudtrail:LookupEvents",
          "iam:GetAccountAuthorizationDetails",
          "kms:DescribeKey",
          "kms:GetKeyPolicy",
          "kms:GetKeyRotationStatus",
          "kms:ListResourceTags",
          "logs:DescribeLogGroups",
          "logs:DescribeResourcePolicies",
          "logs:ListTagsForResource",
          "s3:GetAccountPublicAccessBlock",
          "s3:GetBucketAcl",
          "s3:GetBucketLocation",
          "s3:GetBucketLogging",
          "s3:GetBucketObjectLockConfiguration",
          "s3:GetBucketOwnershipControls",
          "s3:GetBucketPolicy",
          "s3:GetBucketPublicAccessBlock",
          "s3:GetBucketRequestPayment",
          "s3:GetBucketTagging",
          "s3:GetBucketVersioning",
          "s3:GetEncryptionConfiguration",
          "s3:GetLifecycleConfiguration",
          "s3:GetReplicationConfiguration",
          "s3:ListAllMyBuckets",
          "sns:GetTopicAttributes",
          "sns:ListTagsForResource"
        ]
        Resource = "*"
      },
      {
        Sid    = "ReadOrganization"
        Effect = "Allow"
        Action = [
          "organizations:DescribeOrganization",
          "organizations:DescribePolicy",
          "organizations:ListAccountsForParent",
          "organizations:ListDelegatedAdministrators",
          "organizations:ListOrganizationalUnitsForParent",
          "organizations:ListPolicies",
          "organizations:ListRoots",
          "organizations:ListTargetsForPolicy"
        ]
        Resource = "*"
      }
    ]
  })
}
