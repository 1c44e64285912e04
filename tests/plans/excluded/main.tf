terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
provider "aws" {
  region = "eu-west-1"
  access_key = "x"
  secret_key = "y"
  skip_credentials_validation = true
  skip_requesting_account_id = true
  skip_metadata_api_check = true
}
resource "terraform_data" "x" {
  input = "kms.amazonaws.com"
}
resource "aws_s3_bucket" "b" {}
resource "aws_cloudtrail" "adv" {
  name = "adv"
  s3_bucket_name = "logs"
  is_multi_region_trail = true
  advanced_event_selector {
    field_selector {
      field = "eventCategory"
      equals = ["Management"]
    }
    field_selector {
      field = "eventSource"
      not_equals = [terraform_data.x.output]
    }
  }
}
