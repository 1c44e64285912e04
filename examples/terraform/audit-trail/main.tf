# The audit trail of an account, as many modules start out. trailproof has something to say about it.

terraform {
  required_version = ">= 1.3"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

provider "aws" {
  region = "eu-central-1"
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  is_prod    = var.stage == "prod"
}

module "log_bucket" {
  source = "../modules/log-bucket"

  name                    = "audit-logs-${local.account_id}"
  account_id              = local.account_id
  kms_key_arn             = aws_kms_key.logs.arn
  expire_days             = var.keep_days
  restrict_public_buckets = local.is_prod
}

resource "aws_kms_key" "logs" {
  description             = "Encrypts the audit logs"
  deletion_window_in_days = 7

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { AWS = "arn:${data.aws_partition.current.partition}:iam::${local.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = ["kms:GenerateDataKey*", "kms:DescribeKey"]
        Resource  = "*"
      },
    ]
  })
}

resource "aws_cloudwatch_log_group" "trail" {
  name              = "audit-trail"
  retention_in_days = var.keep_days
}

resource "aws_cloudtrail" "audit" {
  name                       = "audit"
  s3_bucket_name             = module.log_bucket.id
  kms_key_id                 = aws_kms_key.logs.arn
  is_multi_region_trail      = local.is_prod ? true : false
  enable_log_file_validation = false
  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.trail.arn}:*"
  sns_topic_name             = var.alert_topic_arn

  event_selector {
    read_write_type                  = "WriteOnly"
    include_management_events        = true
    exclude_management_event_sources = ["kms.amazonaws.com"]
  }
}
