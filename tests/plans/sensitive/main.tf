# What is marked sensitive is in the plan in clear. tests/plans.rs looks for `hunter2` in everything that is written.

variable "token" {
  type      = string
  sensitive = true
  default   = "hunter2-token"
}

variable "prefix" {
  type    = string
  default = "hunter2-prefix"
}

resource "aws_s3_bucket" "logs" {
  bucket = "audit-logs-sensitive"
  tags   = { Token = var.token, Team = "audit" }
}

resource "aws_cloudtrail" "audit" {
  name           = "audit"
  s3_bucket_name = aws_s3_bucket.logs.id
  s3_key_prefix  = sensitive(var.prefix)
  sns_topic_name = sensitive("hunter2-topic")
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::audit-logs-sensitive/*"
      Condition = { StringEquals = { "aws:UserAgent" = var.token } }
    }]
  })
}
