# Who may reach a node: clients one port, monitoring another, nodes each other; a node may reach anything.

resource "aws_security_group" "nodes" {
  name_prefix = "${var.name}-nodes-"
  description = "Nodes of the Tidemark cluster ${var.name}"
  vpc_id      = local.vpc_id
  tags        = local.tags

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "clients" {
  for_each = toset(var.client_cidr_blocks)

  security_group_id = aws_security_group.nodes.id
  description       = "Kafka clients"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = local.ports.clients
  to_port           = local.ports.clients
  tags              = local.tags
}

resource "aws_vpc_security_group_ingress_rule" "client_groups" {
  count = length(var.client_security_group_ids)

  security_group_id            = aws_security_group.nodes.id
  description                  = "Kafka clients"
  referenced_security_group_id = var.client_security_group_ids[count.index]
  ip_protocol                  = "tcp"
  from_port                    = local.ports.clients
  to_port                      = local.ports.clients
  tags                         = local.tags
}

resource "aws_vpc_security_group_ingress_rule" "monitoring" {
  for_each = toset(var.monitoring_cidr_blocks)

  security_group_id = aws_security_group.nodes.id
  description       = "Metrics and health"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = local.ports.http
  to_port           = local.ports.http
  tags              = local.tags
}

resource "aws_vpc_security_group_ingress_rule" "nodes" {
  for_each = { for name, port in local.ports : name => port if name != "http" }

  security_group_id            = aws_security_group.nodes.id
  description                  = "Between nodes: ${each.key}"
  referenced_security_group_id = aws_security_group.nodes.id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
  tags                         = local.tags
}

resource "aws_vpc_security_group_egress_rule" "all" {
  security_group_id = aws_security_group.nodes.id
  description       = "S3, Secrets Manager, packages, other nodes"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
  tags              = local.tags
}
