variable "name" {
  type = string
}

variable "validate" {
  type    = bool
  default = true
}

variable "keep_days" {
  type    = number
  default = 400
}

data "aws_partition" "current" {}

resource "aws_cloudtrail" "this" {
  name                       = var.name
  s3_bucket_name             = aws_s3_bucket.logs[0].id
  is_multi_region_trail      = true
  enable_log_file_validation = var.validate

  dynamic "event_selector" {
    for_each = toset(["AWS::S3::Object"])

    content {
      read_write_type           = "All"
      include_management_events = true

      data_resource {
        type   = event_selector.value
        values = ["arn:${data.aws_partition.current.partition}:s3"]
      }
    }
  }

  depends_on = [aws_s3_bucket_policy.logs]
}

resource "aws_s3_bucket" "logs" {
  count = 1

  bucket_prefix = "${var.name}-"
}

resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs[0].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_public_access_block" "logs" {
  for_each = toset(["all"])

  bucket                  = one(aws_s3_bucket.logs[*].id)
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  bucket = aws_s3_bucket.logs[0].id

  rule {
    id     = "expire"
    status = "Enabled"

    filter {}

    expiration {
      days = var.keep_days
    }
  }
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Acl"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:GetBucketAcl"
        Resource  = aws_s3_bucket.logs[0].arn
      },
      {
        Sid       = "Write"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.logs[0].arn}/AWSLogs/*"
        Condition = { StringEquals = { "s3:x-amz-acl" = "bucket-owner-full-control" } }
      },
    ]
  })
}

output "bucket" {
  value = aws_s3_bucket.logs[0].id
}
