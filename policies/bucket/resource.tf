resource "aws_s3_bucket_policy" "logs" {
  bucket = "${Bucket}"
  policy = jsonencode(${Document})
}
