locals {
  tags = merge({ Name = var.name, "tidemark:cluster" = var.name }, var.tags)

  node_ids  = [for id in var.node_ids : tostring(id)]
  zones     = var.network == null ? (length(var.availability_zones) > 0 ? var.availability_zones : slice(data.aws_availability_zones.available.names, 0, min(3, length(data.aws_availability_zones.available.names)))) : []
  vpc_id    = var.network == null ? aws_vpc.this[0].id : var.network.vpc_id
  subnets   = var.network == null ? aws_subnet.this[*].id : var.network.subnet_ids
  subnet_of = { for id in local.node_ids : id => local.subnets[(tonumber(id) - 1) % length(local.subnets)] }

  bucket     = var.existing_bucket == null ? aws_s3_bucket.this[0].bucket : var.existing_bucket
  bucket_arn = "arn:${data.aws_partition.current.partition}:s3:::${local.bucket}"

  # The ports of a node.
  ports = {
    clients     = 9092
    quorum      = 9093
    http        = 9094
    nodes       = 9095
    controllers = 9096
  }

  # Names where there are any, else addresses, which belong to network interfaces and never change.
  address_of = { for id in local.node_ids : id => var.dns == null ? aws_network_interface.node[id].private_ip : "node-${id}.${var.dns.domain}" }
}

data "aws_region" "current" {}

data "aws_partition" "current" {}

data "aws_availability_zones" "available" {
  state = "available"
}
