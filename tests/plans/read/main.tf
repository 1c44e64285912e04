# Documents that are read while the plan is made: only literals go into them.

data "aws_partition" "current" {}

data "aws_region" "current" {}

data "aws_iam_policy_document" "logs" {
  statement {
    sid       = "Anyone"
    effect    = "Allow"
    actions   = ["s3:GetObject"]
    resources = ["arn:${data.aws_partition.current.partition}:s3:::audit-logs-read/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

resource "aws_s3_bucket" "logs" {
  bucket = "audit-logs-read"
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = "audit-logs-read"
  policy = data.aws_iam_policy_document.logs.json
}

resource "aws_cloudtrail" "audit" {
  name           = "audit-${data.aws_region.current.name}"
  s3_bucket_name = "audit-logs-read"
}
