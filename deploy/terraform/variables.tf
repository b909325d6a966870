variable "region" {
  type = string
}

variable "vpc_id" {
  type = string
}

variable "public_subnet_ids" {
  type        = list(string)
  description = "Of the load balancer, in two zones."
}

variable "private_subnet_ids" {
  type        = list(string)
  description = "Of everything else, in two zones, with a way out to the data providers."
}

variable "certificate_arn" {
  type        = string
  description = "Of the domain to which senders post."
}

variable "sender_cidr_blocks" {
  type        = list(string)
  default     = ["0.0.0.0/0"]
  description = "Addresses of senders; the signature is the proof, this is a second fence."
}

variable "image" {
  type        = string
  description = "Built from deploy/docker/Dockerfile with EXTRAS=redis,s3."
}

variable "webhook_secrets" {
  type        = string
  sensitive   = true
  description = "As BG_WEBHOOK_SECRETS: SOURCE=SECRET, several with commas."
}

variable "provider_name" {
  type        = string
  default     = "files"
  description = "As BG_PROVIDER."
}

variable "daily_budget_usd" {
  type    = number
  default = 10
}

variable "refreshes_per_minute" {
  type    = number
  default = 10
}

variable "workers" {
  type    = number
  default = 3
}

variable "postgres_class" {
  type    = string
  default = "db.t4g.medium"
}

variable "postgres_gib" {
  type    = number
  default = 50
}
