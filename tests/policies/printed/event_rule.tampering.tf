resource "aws_cloudwatch_event_rule" "tampering" {
  description = "Somebody stops, deletes, redirects or narrows the audit trail"
  state       = "ENABLED"
  event_pattern = jsonencode({
    source = [
      "aws.cloudtrail"
    ]
    "detail-type" = [
      "AWS API Call via CloudTrail"
    ]
    detail = {
      eventSource = [
        "cloudtrail.amazonaws.com"
      ]
      eventName = [
        "DeleteEventDataStore",
        "DeleteTrail",
        "PutEventConfiguration",
        "PutEventSelectors",
        "PutInsightSelectors",
        "StopEventDataStoreIngestion",
        "StopLogging",
        "UpdateEventDataStore",
        "UpdateTrail"
      ]
    }
  })
}

resource "aws_cloudwatch_event_target" "tampering" {
  rule = aws_cloudwatch_event_rule.tampering.name
  arn  = "arn:aws:sns:eu-west-1:111122223333:audit"
}
