resource "aws_organizations_policy" "trail_protection" {
  name        = "organization-trails"
  description = "keeps members from stopping, deleting or changing trails (trailproof policy organization/trails)"
  type        = "SERVICE_CONTROL_POLICY"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "KeepTrails"
        Effect = "Deny"
        Action = [
          "cloudtrail:DeleteTrail",
          "cloudtrail:PutEventSelectors",
          "cloudtrail:StopLogging",
          "cloudtrail:UpdateTrail"
        ]
        Resource = "*"
        Condition = {
          ArnNotLike = {
            "aws:PrincipalArn" = "arn:aws:iam::*:role/break-glass"
          }
        }
      }
    ]
  })
}

resource "aws_organizations_policy_attachment" "trail_protection" {
  policy_id = aws_organizations_policy.trail_protection.id
  target_id = "r-a1b2"
}
