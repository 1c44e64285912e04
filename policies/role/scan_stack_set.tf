# For the management account, with trusted access for StackSets: every account below the target, new ones too, gets the role
# of the scan.

# A StackSet with service-managed permissions makes nothing in the management account itself.
resource "aws_iam_role" "scan" {
  name        = ${Document.RoleName}
  description = ${Document.Description}
  assume_role_policy = jsonencode(${Document.AssumeRolePolicyDocument})
}

resource "aws_iam_role_policy" "scan" {
  name = "scan"
  role = aws_iam_role.scan.id
  policy = jsonencode(${Document.Policies.0.PolicyDocument})
}

resource "aws_cloudformation_stack_set" "scan" {
  name             = "trailproof-scan"
  description      = "Rolls out the role that lets trailproof scan the accounts of the organization"
  permission_model = "SERVICE_MANAGED"
  capabilities     = ["CAPABILITY_NAMED_IAM"]

  auto_deployment {
    enabled                          = true
    retain_stacks_on_account_removal = false
  }

  operation_preferences {
    failure_tolerance_percentage = 100
    max_concurrent_percentage    = 100
  }

  template_body = jsonencode({
    Resources = {
      ScanRole = {
        Type = "AWS::IAM::Role"
        Properties = ${Document}
      }
    }
  })

  lifecycle {
    # The service fills it in, and Terraform would take it for a change.
    ignore_changes = [administration_role_arn]
  }
}

resource "aws_cloudformation_stack_set_instance" "scan" {
  stack_set_name = aws_cloudformation_stack_set.scan.name

  deployment_targets {
    organizational_unit_ids = ["${Target}"]
  }
}
