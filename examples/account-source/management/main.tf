# The root module of the account in ../../account/organization/111122223333.json. Its state, terraform.tfstate, says what
# AWS calls what each block made.

variable "trail_name" {
  type = string
}

variable "log_bucket" {
  type = string
}

resource "aws_cloudtrail" "organization" {
  name                  = var.trail_name
  s3_bucket_name        = var.log_bucket
  is_organization_trail = true
  is_multi_region_trail = true
}

resource "aws_organizations_policy" "keep_trails" {
  name    = "keep-trails"
  content = file("${path.module}/keep-trails.json")
}
