# Attach it to the role or user that runs the scan.
resource "aws_iam_policy" "scan_caller" {
  name        = "trailproof-scan-caller"
  description = "${Description}"
  policy = jsonencode(${Document})
}
