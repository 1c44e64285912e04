# A bucket cannot be renamed: it is destroyed and made anew, and the logs are gone.

resource "aws_s3_bucket" "logs" {
  bucket = "audit-logs-new"
}

resource "aws_cloudtrail" "audit" {
  name           = "audit"
  s3_bucket_name = aws_s3_bucket.logs.id
}
