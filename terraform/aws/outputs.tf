output "bootstrap_servers" {
  description = "bootstrap.servers of Kafka clients."
  value       = join(",", [for id in local.node_ids : "${local.address_of[id]}:${local.ports.clients}"])
}

output "security_protocol" {
  description = "security.protocol of Kafka clients."
  value       = local.client_protocol
}

output "metrics_addresses" {
  description = "Where each node answers /metrics, /readyz and /livez, by node id."
  value       = { for id in local.node_ids : id => "${local.address_of[id]}:${local.ports.http}" }
}

output "prometheus_scrape_config" {
  description = "A scrape_configs entry for Prometheus, as YAML."
  value = yamlencode({
    job_name       = var.name
    metrics_path   = "/metrics"
    static_configs = [for id in local.node_ids : { targets = ["${local.address_of[id]}:${local.ports.http}"], labels = { node = id } }]
  })
}

output "bucket" {
  description = "The bucket that holds history."
  value       = local.bucket
}

output "instance_ids" {
  description = "The instance of each node, by node id."
  value       = { for id in local.node_ids : id => aws_instance.node[id].id }
}

output "security_group_id" {
  description = "The security group of the nodes."
  value       = aws_security_group.nodes.id
}

output "role_arn" {
  description = "The nodes' role, for the policy of an existing bucket."
  value       = aws_iam_role.node.arn
}

output "gateway_bootstrap_servers" {
  description = "bootstrap.servers of Kafka clients that go through gateways; null without gateways."
  value       = local.has_gateways ? "${local.gateways_bootstrap}:${local.ports.clients}" : null
}

output "gateway_scrape_config" {
  description = "A scrape_configs entry for Prometheus that finds the gateways there are, as YAML; null without gateways."
  value = local.has_gateways ? yamlencode({
    job_name     = "${var.name}-gateways"
    metrics_path = "/metrics"
    ec2_sd_configs = [{
      region  = data.aws_region.current.region
      port    = local.ports.http
      filters = [{ name = "tag:tidemark:group", values = ["${var.name}-gateways"] }]
    }]
    relabel_configs = [{ source_labels = ["__meta_ec2_instance_id"], target_label = "node" }]
  }) : null
}

output "gateway_role_arn" {
  description = "The gateways' role, for the policy of an existing bucket; null without gateways."
  value       = local.has_gateways ? aws_iam_role.gateway[0].arn : null
}

output "gateway_user_data" {
  description = "The script each gateway starts with, to read and to check; null without gateways."
  value       = local.has_gateways ? local.gateway_user_data : null
}

output "user_data" {
  description = "The script each node starts with, by node id, to read and to check."
  value       = local.user_data
}
