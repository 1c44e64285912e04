# What protects the bucket is handed over to another configuration: it is forgotten here, and stays as it is.

resource "aws_s3_bucket" "logs" {
  bucket = "audit-logs-forgotten"
}

resource "aws_cloudtrail" "audit" {
  name                       = "audit"
  s3_bucket_name             = aws_s3_bucket.logs.id
  is_multi_region_trail      = true
  enable_log_file_validation = true
  enable_logging             = true
}

removed {
  from = aws_s3_bucket_policy.logs

  lifecycle {
    destroy = false
  }
}

removed {
  from = aws_s3_bucket_public_access_block.logs

  lifecycle {
    destroy = false
  }
}

removed {
  from = aws_s3_bucket_versioning.logs

  lifecycle {
    destroy = false
  }
}
