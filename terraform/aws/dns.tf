# node-<id>.<domain> for each node, which clients are told, and <domain> for all of them, where they begin.

resource "aws_route53_record" "node" {
  for_each = toset(var.dns == null ? [] : local.node_ids)

  zone_id = var.dns.zone_id
  name    = "node-${each.key}.${var.dns.domain}"
  type    = "A"
  ttl     = 60
  records = [aws_network_interface.node[each.key].private_ip]
}

resource "aws_route53_record" "all" {
  count = var.dns == null ? 0 : 1

  zone_id = var.dns.zone_id
  name    = var.dns.domain
  type    = "A"
  ttl     = 60
  records = [for id in local.node_ids : aws_network_interface.node[id].private_ip]
}
