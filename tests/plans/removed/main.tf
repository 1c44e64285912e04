# The trail and its key were here before; what remains is the bucket. One trail is only forgotten.

resource "aws_s3_bucket" "logs" {
  bucket = "audit-logs-removed"
}

removed {
  from = aws_cloudtrail.handed_over

  lifecycle {
    destroy = false
  }
}
