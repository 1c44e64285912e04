# For the management account, with trusted access for StackSets: every account below the target, new ones too, gets the role
# of the scan.

# A StackSet with service-managed permissions makes nothing in the management account itself.
resource "aws_iam_role" "scan" {
  name        = "trailproof-scan"
  description = "Lets trailproof read what an audit trail rests on, and nothing else"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "NamedScans"
        Effect = "Allow"
        Principal = {
          AWS = "arn:aws:iam::111122223333:root"
        }
        Action = "sts:AssumeRole"
        Condition = {
          StringLike = {
            "sts:SourceIdentity" = "?*"
          }
          StringEquals = {
            "sts:ExternalId" = "audit/2026"
          }
        }
      },
      {
        Sid    = "Names"
        Effect = "Allow"
        Principal = {
          AWS = "arn:aws:iam::111122223333:root"
        }
        Action = "sts:SetSourceIdentity"
        Condition = {
          StringLike = {
            "sts:SourceIdentity" = "?*"
          }
        }
      }
    ]
  })
}

resource "aws_iam_role_policy" "scan" {
  name = "scan"
  role = aws_iam_role.scan.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
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
      }
    ]
  })
}

resource "aws_cloudformation_stack_set" "scan" {
  name             = "trailproof-scan"
  description      = "Rolls out the role that lets trailproof scan the accounts of the organization"
  permission_model = "SERVICE_MANAGED"
  capabilities     = ["CAPABILITY_NAMED_IAM"]

  auto_deployment {
    enabled                          = true
    retain_stacks_on_account_removal = false
  }

  operation_preferences {
    failure_tolerance_percentage = 100
    max_concurrent_percentage    = 100
  }

  template_body = jsonencode({
    Resources = {
      ScanRole = {
        Type = "AWS::IAM::Role"
        Properties = {
          RoleName    = "trailproof-scan"
          Description = "Lets trailproof read what an audit trail rests on, and nothing else"
          AssumeRolePolicyDocument = {
            Version = "2012-10-17"
            Statement = [
              {
                Sid    = "NamedScans"
                Effect = "Allow"
                Principal = {
                  AWS = "arn:aws:iam::111122223333:root"
                }
                Action = "sts:AssumeRole"
                Condition = {
                  StringLike = {
                    "sts:SourceIdentity" = "?*"
                  }
                  StringEquals = {
                    "sts:ExternalId" = "audit/2026"
                  }
                }
              },
              {
                Sid    = "Names"
                Effect = "Allow"
                Principal = {
                  AWS = "arn:aws:iam::111122223333:root"
                }
                Action = "sts:SetSourceIdentity"
                Condition = {
                  StringLike = {
                    "sts:SourceIdentity" = "?*"
                  }
                }
              }
            ]
          }
          Policies = [
            {
              PolicyName = "scan"
              PolicyDocument = {
                Version = "2012-10-17"
                Statement = [
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
                  }
                ]
              }
            }
          ]
        }
      }
    }
  })

  lifecycle {
    # The service fills it in, and Terraform would take it for a change.
    ignore_changes = [administration_role_arn]
  }
}

resource "aws_cloudformation_stack_set_instance" "scan" {
  stack_set_name = aws_cloudformation_stack_set.scan.name

  deployment_targets {
    organizational_unit_ids = ["r-a1b2"]
  }
}
