# Trails in a module, one for each stage, with the companions of their buckets.

variable "stages" {
  type    = map(object({ validate = bool, keep_days = optional(number, 365) }))
  default = { live = { validate = true }, test = { validate = false, keep_days = 30 } }
}

variable "archive" {
  type    = bool
  default = true
}

module "trail" {
  source   = "./trail"
  for_each = var.stages

  name      = "audit-${each.key}"
  validate  = each.value.validate
  keep_days = each.value.keep_days
}

module "abroad" {
  source    = "./trail"
  count     = var.archive ? 1 : 0
  providers = { aws = aws.america }

  name = "audit-abroad"
}

output "buckets" {
  value = { for stage, trail in module.trail : stage => trail.bucket }
}
