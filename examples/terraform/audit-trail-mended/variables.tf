variable "access_log_bucket" {
  type        = string
  description = "Bucket that receives the access logs of the log bucket"
}
