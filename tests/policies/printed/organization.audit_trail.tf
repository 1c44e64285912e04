resource "aws_organizations_policy" "trail_protection" {
  name        = "organization-audit-trail"
  description = "keeps members from trail, Lake, log bucket, key and detection (trailproof policy organization/audit_trail)"
  type        = "SERVICE_CONTROL_POLICY"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "KeepTrails"
        Effect = "Deny"
        Action = [
          "cloudtrail:DeleteTrail",
          "cloudtrail:PutEventConfiguration",
          "cloudtrail:PutEventSelectors",
          "cloudtrail:PutInsightSelectors",
          "cloudtrail:StopLogging",
          "cloudtrail:UpdateTrail"
        ]
        Resource = "*"
        Condition = {
          ArnNotLike = {
            "aws:PrincipalArn" = "arn:aws:iam::*:role/break-glass"
          }
        }
      },
      {
        Sid    = "KeepEventDataStores"
        Effect = "Deny"
        Action = [
          "cloudtrail:DeleteChannel",
          "cloudtrail:DeleteDashboard",
          "cloudtrail:DeleteEventDataStore",
          "cloudtrail:DeleteResourcePolicy",
          "cloudtrail:DeleteServiceLinkedChannel",
          "cloudtrail:DisableFederation",
          "cloudtrail:PutResourcePolicy",
          "cloudtrail:StopEventDataStoreIngestion",
          "cloudtrail:UpdateChannel",
          "cloudtrail:UpdateEventDataStore",
          "cloudtrail:UpdateServiceLinkedChannel"
        ]
        Resource = "*"
        Condition = {
          ArnNotLike = {
            "aws:PrincipalArn" = "arn:aws:iam::*:role/break-glass"
          }
        }
      },
      {
        Sid      = "StayInOrganization"
        Effect   = "Deny"
        Action   = "organizations:LeaveOrganization"
        Resource = "*"
      },
      {
        Sid    = "KeepLogBucket"
        Effect = "Deny"
        Action = [
          "s3:DeleteBucket",
          "s3:DeleteBucketPolicy",
          "s3:PutBucketAcl",
          "s3:PutBucketLogging",
          "s3:PutBucketObjectLockConfiguration",
          "s3:PutBucketOwnershipControls",
          "s3:PutBucketPolicy",
          "s3:PutBucketPublicAccessBlock",
          "s3:PutBucketVersioning",
          "s3:PutEncryptionConfiguration",
          "s3:PutLifecycleConfiguration",
          "s3:PutReplicationConfiguration"
        ]
        Resource = "arn:aws:s3:::audit-logs"
        Condition = {
          ArnNotLike = {
            "aws:PrincipalArn" = "arn:aws:iam::*:role/break-glass"
          }
        }
      },
      {
        Sid    = "KeepLogs"
        Effect = "Deny"
        Action = [
          "s3:BypassGovernanceRetention",
          "s3:DeleteObject",
          "s3:DeleteObjectVersion",
          "s3:PutObject",
          "s3:PutObjectLegalHold",
          "s3:PutObjectRetention"
        ]
        Resource = "arn:aws:s3:::audit-logs/*"
      },
      {
        Sid    = "KeepKey"
        Effect = "Deny"
        Action = [
          "kms:DeleteAlias",
          "kms:DeleteImportedKeyMaterial",
          "kms:DisableKey",
          "kms:DisableKeyRotation",
          "kms:PutKeyPolicy",
          "kms:RevokeGrant",
          "kms:ScheduleKeyDeletion",
          "kms:UpdateAlias",
          "kms:UpdatePrimaryRegion"
        ]
        Resource = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
        Condition = {
          ArnNotLike = {
            "aws:PrincipalArn" = "arn:aws:iam::*:role/break-glass"
          }
        }
      },
      {
        Sid    = "KeepLogGroup"
        Effect = "Deny"
        Action = [
          "logs:AssociateKmsKey",
          "logs:DeleteLogGroup",
          "logs:DeleteLogStream",
          "logs:DeleteMetricFilter",
          "logs:DeleteRetentionPolicy",
          "logs:DeleteSubscriptionFilter",
          "logs:DisassociateKmsKey",
          "logs:PutDataProtectionPolicy",
          "logs:PutLogGroupDeletionProtection",
          "logs:PutMetricFilter",
          "logs:PutRetentionPolicy"
        ]
        Resource = [
          "arn:aws:logs:eu-west-1:111122223333:log-group:audit",
          "arn:aws:logs:eu-west-1:111122223333:log-group:audit:*"
        ]
        Condition = {
          ArnNotLike = {
            "aws:PrincipalArn" = "arn:aws:iam::*:role/break-glass"
          }
        }
      },
      {
        Sid    = "KeepDetection"
        Effect = "Deny"
        Action = [
          "cloudwatch:DeleteAlarms",
          "cloudwatch:DisableAlarmActions",
          "cloudwatch:PutCompositeAlarm",
          "cloudwatch:PutMetricAlarm",
          "cloudwatch:SetAlarmState",
          "events:DeleteRule",
          "events:DisableRule",
          "events:PutRule",
          "events:PutTargets",
          "events:RemoveTargets",
          "sns:AddPermission",
          "sns:DeleteTopic",
          "sns:RemovePermission",
          "sns:SetTopicAttributes",
          "sns:Unsubscribe"
        ]
        Resource = [
          "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:audit-*",
          "arn:aws:events:eu-west-1:111122223333:rule/tampering",
          "arn:aws:sns:eu-west-1:111122223333:audit"
        ]
        Condition = {
          ArnNotLike = {
            "aws:PrincipalArn" = "arn:aws:iam::*:role/break-glass"
          }
        }
      }
    ]
  })
}

resource "aws_organizations_policy_attachment" "trail_protection" {
  policy_id = aws_organizations_policy.trail_protection.id
  target_id = "r-a1b2"
}
