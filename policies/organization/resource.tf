resource "aws_organizations_policy" "trail_protection" {
  name        = "${Name}"
  description = "${Description}"
  type        = "SERVICE_CONTROL_POLICY"
  content = jsonencode(${Document})
}

resource "aws_organizations_policy_attachment" "trail_protection" {
  policy_id = aws_organizations_policy.trail_protection.id
  target_id = "${Target}"
}
