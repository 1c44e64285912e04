variable "stage" {
  type    = string
  default = "dev"

  validation {
    condition     = contains(["dev", "prod"], var.stage)
    error_message = "A stage is dev or prod."
  }
}

variable "keep_days" {
  type        = number
  default     = 90
  description = "Days for which audit logs are kept"
}

variable "alert_topic_arn" {
  type        = string
  description = "Topic that is told of new log files"
}
