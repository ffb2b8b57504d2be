# What the cluster is

variable "name" {
  description = "Name of the cluster; part of the name of everything that is made."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,24}[a-z0-9]$", var.name))
    error_message = "The name must have 3 to 26 lower-case letters, digits or hyphens, and begin with a letter."
  }
}

variable "node_ids" {
  description = "Ids of the nodes. A node keeps its id, address and volume for life; take an id out of the list only after `tidemark node drain` and `tidemark node remove`."
  type        = list(number)
  default     = [1, 2, 3]

  validation {
    condition     = length(var.node_ids) > 0 && length(distinct(var.node_ids)) == length(var.node_ids) && alltrue([for id in var.node_ids : id > 0 && floor(id) == id])
    error_message = "Node ids must be distinct whole numbers above 0, and there must be at least one."
  }
}

variable "voter_ids" {
  description = "Ids of the nodes that vote in the metadata quorum: 1, 3 or 5 of node_ids."
  type        = list(number)
  default     = [1, 2, 3]

  validation {
    condition     = contains([1, 3, 5], length(var.voter_ids)) && length(distinct(var.voter_ids)) == length(var.voter_ids)
    error_message = "There must be 1, 3 or 5 distinct voters."
  }

  validation {
    condition     = length(setsubtract(var.voter_ids, var.node_ids)) == 0
    error_message = "Every voter must be one of node_ids."
  }
}

variable "release" {
  description = "The release archive in S3 and its SHA-256, which every node verifies before it unpacks it."
  type = object({
    bucket = string
    key    = string
    sha256 = string
  })

  validation {
    condition     = can(regex("^[0-9a-f]{64}$", var.release.sha256)) && endswith(var.release.key, ".tar.gz")
    error_message = "The release must be a .tar.gz with a SHA-256 of 64 lower-case hexadecimal digits."
  }
}

variable "settings" {
  description = "Further settings of every node, under their names in docs/configuration.md; they win over the module's."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(setintersection(keys(var.settings), ["node.id", "process.roles", "controller.quorum.voters", "log.dirs"])) == 0
    error_message = "node.id, process.roles, controller.quorum.voters and log.dirs are the module's."
  }

  validation {
    condition     = alltrue([for key, value in var.settings : !strcontains(value, "\n") && can(regex("^[A-Za-z0-9._-]+$", key))])
    error_message = "Settings have names of letters, digits, dots, hyphens and underscores, and values of one line."
  }
}

variable "heap" {
  description = "Upper bound of the JVM's heap, such as 4g; null takes a quarter of the machine. The page cache needs the rest."
  type        = string
  default     = null

  validation {
    condition     = var.heap == null || can(regex("^[0-9]+[mg]$", var.heap))
    error_message = "The heap is a whole number with m or g, such as 4g."
  }
}

# Machines and disks

variable "instance_type" {
  description = "EC2 instance type of the nodes. Of an arm64 type, set architecture too."
  type        = string
  default     = "m7i.large"
}

variable "architecture" {
  description = "Processor architecture of instance_type: x86_64 or arm64."
  type        = string
  default     = "x86_64"

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "The architecture is x86_64 or arm64."
  }
}

variable "image_id" {
  description = "Machine image; null takes the newest Amazon Linux 2023 of the architecture. Another image must have dnf, the AWS CLI and systemd."
  type        = string
  default     = null
}

variable "storage" {
  description = <<-EOT
    Where hot segments and the quorum live. `gp3`: a volume for each node, which outlives its instance. `instance-store`: the
    instance's own disks, faster and gone with it; a replaced node then starts empty and copies hot tails from its peers.
  EOT
  type = object({
    type            = optional(string, "gp3")
    size_gib        = optional(number, 200)
    iops            = optional(number, 3000)
    throughput_mibs = optional(number, 250)
  })
  default = {}

  validation {
    condition     = contains(["gp3", "instance-store"], var.storage.type)
    error_message = "storage.type is gp3 or instance-store."
  }

  validation {
    condition     = var.storage.size_gib >= 20 && var.storage.size_gib <= 16384
    error_message = "storage.size_gib must lie between 20 and 16384."
  }

  validation {
    condition     = var.storage.iops >= 3000 && var.storage.iops <= 16000 && var.storage.throughput_mibs >= 125 && var.storage.throughput_mibs <= 1000
    error_message = "gp3 has 3000 to 16000 IOPS and 125 to 1000 MiB/s."
  }
}

# Network

variable "availability_zones" {
  description = "Zones of a new network, in order; node n stands in the n-th of them, counted round. Empty takes the region's first three."
  type        = list(string)
  default     = []
}

variable "vpc_cidr_block" {
  description = "Addresses of a new network."
  type        = string
  default     = "10.40.0.0/16"

  validation {
    condition     = can(cidrsubnet(var.vpc_cidr_block, 4, 15))
    error_message = "The block must be an IPv4 network that can be divided into sixteen, such as 10.40.0.0/16."
  }
}

variable "network" {
  description = "An existing network to use instead of a new one: its id, a subnet for each zone in order, and the route tables that the S3 endpoint joins (none where there is such an endpoint already)."
  type = object({
    vpc_id          = string
    subnet_ids      = list(string)
    route_table_ids = optional(list(string), [])
  })
  default = null

  validation {
    condition     = var.network == null ? true : length(var.network.subnet_ids) > 0
    error_message = "An existing network needs at least one subnet."
  }
}

variable "client_cidr_blocks" {
  description = "Networks from which Kafka clients may connect."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for block in var.client_cidr_blocks : can(cidrhost(block, 0))])
    error_message = "Every entry must be a network, such as 10.0.0.0/8."
  }
}

variable "client_security_group_ids" {
  description = "Security groups whose members may connect as Kafka clients."
  type        = list(string)
  default     = []
}

variable "monitoring_cidr_blocks" {
  description = "Networks from which metrics and health may be read (port 9094)."
  type        = list(string)
  default     = []
}

variable "dns" {
  description = "A Route 53 zone and the domain below which nodes are named: node-1.<domain>, and <domain> for all of them. Null: nodes are known by their addresses."
  type = object({
    zone_id = string
    domain  = string
  })
  default = null
}

# Security

variable "tls" {
  description = <<-EOT
    TLS for clients, between nodes and in the quorum, from secrets in Secrets Manager, all PEM: a certificate chain with its
    unencrypted PKCS #8 key, and the authorities to trust. Certificates must be good for the names in dns, which TLS needs, and
    for clients and servers. `keystore_secret_arn` is shared by all nodes; `node_keystore_secret_arns` gives each node, by its id, a
    certificate of its own, whose name is CN=node-<id>: then no node can pass for another. `client_auth` is ssl.client.auth of
    the clients' listener; nodes always show each other certificates. Null is plain text everywhere, which `allow_plaintext` has to permit.
  EOT
  type = object({
    keystore_secret_arn       = optional(string, "")
    node_keystore_secret_arns = optional(map(string), {})
    truststore_secret_arn     = string
    client_auth               = optional(string, "required")
  })
  default = null

  validation {
    condition     = var.tls == null ? true : contains(["required", "requested", "none"], var.tls.client_auth)
    error_message = "tls.client_auth is required, requested or none."
  }

  validation {
    condition = var.tls == null ? true : (
      length(var.tls.node_keystore_secret_arns) == 0
      ? var.tls.keystore_secret_arn != ""
      : alltrue([for id in var.node_ids : contains(keys(var.tls.node_keystore_secret_arns), tostring(id))])
    )
    error_message = "tls needs keystore_secret_arn, or node_keystore_secret_arns with every id of node_ids."
  }

  validation {
    condition     = var.tls == null || var.dns != null
    error_message = "TLS needs dns: certificates are for names."
  }
}

variable "sasl" {
  description = <<-EOT
    How clients log in, by user and password (SCRAM). `first_users_secret_arn` is a secret in Secrets Manager with lines user=password: users that
    the cluster does not know yet are created with it when a node starts, and the first of them makes all others. With `super_users` (such as
    "User:admin") there are rules: nobody else may do what no ACL allows. Null: clients do not log in.
  EOT
  type = object({
    first_users_secret_arn = string
    mechanisms             = optional(list(string), ["SCRAM-SHA-512"])
    super_users            = optional(list(string), [])
  })
  default = null

  validation {
    condition     = var.sasl == null ? true : length(var.sasl.mechanisms) > 0 && length(setsubtract(var.sasl.mechanisms, ["SCRAM-SHA-256", "SCRAM-SHA-512"])) == 0
    error_message = "sasl.mechanisms are SCRAM-SHA-256, SCRAM-SHA-512 or both."
  }

  validation {
    condition     = var.sasl == null ? true : alltrue([for user in var.sasl.super_users : can(regex("^User:[^;\\n]+$", user))])
    error_message = "Super users are named as principals, such as User:admin."
  }

  validation {
    condition     = var.sasl == null ? true : length(var.sasl.super_users) == 0 || (var.tls == null ? false : length(var.tls.node_keystore_secret_arns) > 0)
    error_message = "sasl.super_users needs tls.node_keystore_secret_arns: where there are rules, nodes are known by the names in their certificates."
  }
}

variable "allow_plaintext" {
  description = "Serve without TLS, to whoever the security group lets in."
  type        = bool
  default     = false

  validation {
    condition     = var.allow_plaintext || var.tls != null
    error_message = "Set tls, or allow_plaintext for a network that you trust."
  }
}

variable "kms_key_arn" {
  description = "KMS key of volumes and of a new bucket; null takes the account's own keys."
  type        = string
  default     = null
}

# Gateways

variable "gateways" {
  description = <<-EOT
    A group of stateless gateways before the nodes, which replay history from the bucket and pass the rest on: from min_size to max_size
    machines, as many as keep their processors at cpu_target_percent. `instance_type` and `heap` are the nodes' where they are null, and
    `settings` win over those of all nodes. With tls, `keystore_secret_arn` is a secret with the chain and key that all gateways share, good
    for gateways.<domain> and for the names that EC2 gives machines in the region, such as *.eu-west-1.compute.internal. Null: no gateways.
  EOT
  type = object({
    min_size            = optional(number, 2)
    max_size            = optional(number, 8)
    cpu_target_percent  = optional(number, 50)
    instance_type       = optional(string)
    heap                = optional(string)
    settings            = optional(map(string), {})
    keystore_secret_arn = optional(string, "")
  })
  default = null

  validation {
    condition     = var.gateways == null ? true : var.gateways.min_size >= 1 && var.gateways.max_size >= var.gateways.min_size
    error_message = "gateways.min_size must be at least 1, and gateways.max_size at least that."
  }

  validation {
    condition     = var.gateways == null ? true : var.gateways.cpu_target_percent >= 10 && var.gateways.cpu_target_percent <= 90
    error_message = "gateways.cpu_target_percent must lie between 10 and 90."
  }

  validation {
    condition     = try(var.gateways.heap, null) == null ? true : can(regex("^[0-9]+[mg]$", var.gateways.heap))
    error_message = "gateways.heap is a whole number with m or g, such as 4g."
  }

  validation {
    condition     = var.gateways == null ? true : length(setintersection(keys(var.gateways.settings), ["node.id", "process.roles", "listeners", "advertised.listeners"])) == 0 && alltrue([for key, value in var.gateways.settings : !strcontains(value, "\n") && can(regex("^[A-Za-z0-9._-]+$", key))])
    error_message = "gateways.settings have names as in docs/configuration.md and values of one line; ids, roles and listeners are the module's."
  }

  validation {
    condition     = var.gateways == null || var.tls == null ? true : var.gateways.keystore_secret_arn != ""
    error_message = "With tls, gateways need keystore_secret_arn."
  }

  validation {
    condition     = var.gateways == null || var.tls == null ? true : length(var.tls.node_keystore_secret_arns) == 0
    error_message = "Gateways of a scaling group share a certificate, so ids cannot be bound to certificates: use tls.keystore_secret_arn, or run gateways with ids of their own outside the group."
  }
}

# The object store

variable "existing_bucket" {
  description = "Name of a bucket to use; null makes one."
  type        = string
  default     = null
}

variable "bucket_prefix" {
  description = "Prefix of everything in the bucket. Several clusters may share one."
  type        = string
  default     = "tidemark"

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9._/-]*[A-Za-z0-9]$", var.bucket_prefix))
    error_message = "The prefix must begin and end with a letter or digit, and hold only letters, digits, dots, hyphens, underscores and slashes."
  }
}

variable "force_destroy_bucket" {
  description = "Let `terraform destroy` delete a new bucket with everything in it. History is gone then."
  type        = bool
  default     = false
}

# Seeing it

variable "alarm_topic_arns" {
  description = "SNS topics that are told of alarms; empty makes no alarms."
  type        = list(string)
  default     = []
}

variable "tags" {
  description = "Tags of everything that is made."
  type        = map(string)
  default     = {}
}
