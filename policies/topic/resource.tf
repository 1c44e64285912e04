resource "aws_sns_topic_policy" "this" {
  arn = "${TopicArn}"
  policy = jsonencode(${Document})
}
