resource "aws_kms_key" "trail" {
  description             = "${Description}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy = jsonencode(${Document})

  lifecycle {
    prevent_destroy = true
  }
}
