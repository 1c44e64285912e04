# A selector that leaves out an event source which is known only once the plan is applied.
resource "terraform_data" "left_out" {
  input = "kms.amazonaws.com"
}

resource "aws_cloudtrail" "adv" {
  name                  = "adv"
  s3_bucket_name        = "logs"
  is_multi_region_trail = true

  advanced_event_selector {
    field_selector {
      field  = "eventCategory"
      equals = ["Management"]
    }

    field_selector {
      field      = "eventSource"
      not_equals = [terraform_data.left_out.output]
    }
  }
}
