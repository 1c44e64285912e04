# Before, this trail covered every Region and its log files were validated; the versions of its bucket were kept.

resource "aws_s3_bucket" "logs" {
  bucket = "audit-logs-weakened"
}

resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.id

  versioning_configuration {
    status = "Suspended"
  }
}

resource "aws_cloudtrail" "audit" {
  name                       = "audit"
  s3_bucket_name             = aws_s3_bucket.logs.id
  is_multi_region_trail      = false
  enable_log_file_validation = false
  enable_logging             = true
}
