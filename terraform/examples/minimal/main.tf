# Three nodes in a network of their own, plain text, for trying it out.

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
  default     = "eu-west-1"
}

variable "release" {
  description = "The release archive in S3 and its SHA-256."
  type = object({
    bucket = string
    key    = string
    sha256 = string
  })
}

module "tidemark" {
  source = "../../aws"

  name               = "tidemark-trial"
  release            = var.release
  allow_plaintext    = true
  client_cidr_blocks = ["10.40.0.0/16"]
  storage            = { size_gib = 50 }

  force_destroy_bucket = true
}

output "bootstrap_servers" {
  value = module.tidemark.bootstrap_servers
}

output "bucket" {
  value = module.tidemark.bucket
}
