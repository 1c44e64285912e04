resource "aws_sns_topic_policy" "this" {
  arn = "arn:aws:sns:eu-west-1:111122223333:audit"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "ReportTampering"
        Effect = "Allow"
        Principal = {
          Service = "events.amazonaws.com"
        }
        Action   = "sns:Publish"
        Resource = "arn:aws:sns:eu-west-1:111122223333:audit"
        Condition = {
          ArnEquals = {
            "aws:SourceArn" = "arn:aws:events:eu-west-1:111122223333:rule/tampering"
          }
        }
      }
    ]
  })
}
