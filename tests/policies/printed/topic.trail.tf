resource "aws_sns_topic_policy" "this" {
  arn = "arn:aws:sns:eu-west-1:111122223333:audit"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "AnnounceDelivery"
        Effect = "Allow"
        Principal = {
          Service = "cloudtrail.amazonaws.com"
        }
        Action   = "sns:Publish"
        Resource = "arn:aws:sns:eu-west-1:111122223333:audit"
        Condition = {
          StringEquals = {
            "aws:SourceArn" = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"
          }
        }
      }
    ]
  })
}
