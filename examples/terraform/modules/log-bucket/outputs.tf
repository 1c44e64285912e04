output "id" {
  value       = aws_s3_bucket.this.id
  description = "Name of the bucket"
}
