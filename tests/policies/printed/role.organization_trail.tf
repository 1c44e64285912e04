resource "aws_iam_role" "trail_logs" {
  description = "lets an organization's trail write to its log group (trailproof policy role/organization_trail)"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "TrailOnly"
        Effect = "Allow"
        Principal = {
          Service = "cloudtrail.amazonaws.com"
        }
        Action = "sts:AssumeRole"
        Condition = {
          StringEquals = {
            "aws:SourceArn" = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"
          }
        }
      }
    ]
  })
}

resource "aws_iam_role_policy" "trail_logs" {
  name = "deliver-events"
  role = aws_iam_role.trail_logs.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "DeliverEvents"
        Effect = "Allow"
        Action = [
          "logs:CreateLogStream",
          "logs:PutLogEvents"
        ]
        Resource = [
          "arn:aws:logs:eu-west-1:111122223333:log-group:audit:log-stream:111122223333_CloudTrail_eu-west-1*",
          "arn:aws:logs:eu-west-1:111122223333:log-group:audit:log-stream:o-a1b2c3d4e5_*"
        ]
      }
    ]
  })
}
