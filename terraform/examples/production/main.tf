# Five nodes, three of them voters, in an existing network over three zones: TLS, clients that log in, rules, names, an own KMS
# key, an existing bucket, alarms.

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0, < 7.0"
    }
  }
}

provider "aws" {
  region = var.region
}

variable "region" {
  description = "Where to build it."
  type        = string
}

variable "release" {
  description = "The release archive in S3 and its SHA-256."
  type = object({
    bucket = string
    key    = string
    sha256 = string
  })
}

variable "network" {
  description = "The network: its id, a private subnet in each of three zones, and their route tables."
  type = object({
    vpc_id          = string
    subnet_ids      = list(string)
    route_table_ids = list(string)
  })
}

variable "dns" {
  description = "Route 53 zone and the domain of the cluster."
  type = object({
    zone_id = string
    domain  = string
  })
}

variable "tls" {
  description = "Secrets with each node's certificates and key, by its id, and with the authorities to trust, as PEM."
  type = object({
    node_keystore_secret_arns = map(string)
    truststore_secret_arn     = string
  })
}

variable "first_users_secret_arn" {
  description = "Secret with the line admin=<password>: the first user, who makes all others."
  type        = string
}

variable "bucket" {
  description = "The bucket that holds history."
  type        = string
}

variable "kms_key_arn" {
  description = "KMS key of volumes and bucket."
  type        = string
}

variable "client_security_group_ids" {
  description = "Security groups of the applications that produce and consume."
  type        = list(string)
}

variable "monitoring_cidr_block" {
  description = "Where Prometheus runs."
  type        = string
}

variable "alarm_topic_arn" {
  description = "SNS topic of whoever is on call."
  type        = string
}

module "tidemark" {
  source = "../../aws"

  name      = "tidemark-prod"
  release   = var.release
  node_ids  = [1, 2, 3, 4, 5]
  voter_ids = [1, 2, 3]

  instance_type = "m7g.2xlarge"
  architecture  = "arm64"
  heap          = "6g"
  storage       = { size_gib = 1000, iops = 6000, throughput_mibs = 500 }

  network                   = var.network
  dns                       = var.dns
  client_security_group_ids = var.client_security_group_ids
  monitoring_cidr_blocks    = [var.monitoring_cidr_block]

  tls             = merge(var.tls, { client_auth = "none" })
  sasl            = { first_users_secret_arn = var.first_users_secret_arn, super_users = ["User:admin"] }
  kms_key_arn     = var.kms_key_arn
  existing_bucket = var.bucket

  settings = {
    "min.insync.replicas"    = "2"
    "log.local.retention.ms" = "21600000"
  }

  alarm_topic_arns = [var.alarm_topic_arn]
  tags             = { environment = "production" }
}

output "bootstrap_servers" {
  value = module.tidemark.bootstrap_servers
}

output "prometheus_scrape_config" {
  value = module.tidemark.prometheus_scrape_config
}
