# The trail is left as it is. What is new beside it stops its logs, may stop it, and may change it; the store is new and whole.

resource "aws_s3_bucket" "logs" {
  bucket = "audit-logs-brought"
}

resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Acl"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:GetBucketAcl"
        Resource  = "arn:aws:s3:::audit-logs-brought"
        Condition = {
          StringEquals = { "aws:SourceArn" = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit" }
        }
      },
      {
        Sid       = "Write"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "arn:aws:s3:::audit-logs-brought/AWSLogs/111122223333/*"
        Condition = {
          StringEquals = {
            "aws:SourceArn" = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"
            "s3:x-amz-acl"  = "bucket-owner-full-control"
          }
        }
      },
    ]
  })
}

resource "aws_s3_bucket_public_access_block" "logs" {
  bucket                  = aws_s3_bucket.logs.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_cloudtrail" "audit" {
  name                       = "audit"
  s3_bucket_name             = aws_s3_bucket.logs.id
  is_multi_region_trail      = true
  enable_log_file_validation = true
  enable_logging             = true
}

resource "aws_organizations_policy" "perimeter" {
  name = "perimeter"
  type = "RESOURCE_CONTROL_POLICY"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OwnOnly"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:PutObject"
      Resource  = "*"
    }]
  })
}

resource "aws_cloudtrail_organization_delegated_admin_account" "security" {
  account_id = "222233334444"
}

resource "aws_iam_policy" "operators" {
  name = "operators"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "Stop"
      Effect   = "Allow"
      Action   = "cloudtrail:StopLogging"
      Resource = "*"
    }]
  })
}

# What a new role may do is its own; that the key of a new log group is missing takes nothing from the trail.
resource "aws_cloudwatch_log_group" "reports" {
  name = "reports"
}

resource "aws_cloudtrail_event_data_store" "lake" {
  name = "lake"

  advanced_event_selector {
    name = "Management"

    field_selector {
      field  = "eventCategory"
      equals = ["Management"]
    }
  }
}

resource "aws_cloudtrail_event_data_store" "objects" {
  name = "objects"

  advanced_event_selector {
    name = "Management"

    dynamic "field_selector" {
      for_each = { eventCategory = ["Management"] }

      content {
        field  = field_selector.key
        equals = field_selector.value
      }
    }
  }
}
