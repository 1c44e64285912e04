resource "aws_cloudwatch_event_rule" "tampering" {
  description = "${Document.Description}"
  state       = "${Document.State}"
  event_pattern = jsonencode(${Document.EventPattern})
}

resource "aws_cloudwatch_event_target" "tampering" {
  rule = aws_cloudwatch_event_rule.tampering.name
  arn  = "${Document.Targets.0.Arn}"
}
