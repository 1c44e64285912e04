# The same trail at another address: nothing is destroyed.

moved {
  from = aws_cloudtrail.old
  to   = aws_cloudtrail.audit["live"]
}

resource "aws_cloudtrail" "audit" {
  for_each = toset(["live"])

  name                  = "audit"
  s3_bucket_name        = "audit-logs-moved"
  is_multi_region_trail = true
}
