variable "name" {
  type        = string
  description = "Name of the bucket"
}

variable "account_id" {
  type        = string
  description = "Account whose trail delivers here"
}

variable "kms_key_arn" {
  type        = string
  description = "Key of the bucket's default encryption"
}

variable "trail_arn" {
  type        = string
  default     = null
  description = "The only trail that may deliver; any trail where null"
}

variable "expire_days" {
  type        = number
  default     = 90
  description = "Days after which log files are deleted"
}

variable "lock_days" {
  type        = number
  default     = 0
  description = "Days for which nobody can delete a log file; no lock where 0"
}

variable "restrict_public_buckets" {
  type    = bool
  default = true
}

variable "deny_plain_http" {
  type    = bool
  default = false
}

variable "access_logs" {
  type        = object({ bucket = string, prefix = optional(string, "audit-logs/") })
  default     = null
  description = "Where access to the bucket is logged"
}
