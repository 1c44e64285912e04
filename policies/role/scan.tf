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
