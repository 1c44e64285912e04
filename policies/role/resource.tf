resource "aws_iam_role" "trail_logs" {
  description = "${Description}"
  assume_role_policy = jsonencode(${Document.AssumeRolePolicyDocument})
}

resource "aws_iam_role_policy" "trail_logs" {
  name = "deliver-events"
  role = aws_iam_role.trail_logs.id
  policy = jsonencode(${Document.Policies.0.PolicyDocument})
}
