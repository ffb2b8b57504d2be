# Stateless gateways, where they are asked for: a scaling group behind a load balancer. They hold nothing, so any of them may
# come and go; docs/decisions/0086 says how they get ids and names. Clients begin at the balancer and are then told of each gateway
# by its own address.

locals {
  has_gateways       = var.gateways != null
  gateways           = local.has_gateways ? [var.gateways] : []
  gateways_bootstrap = local.has_gateways ? (var.dns == null ? aws_lb.gateways[0].dns_name : "gateways.${var.dns.domain}") : null

  # What only the machine itself knows stands between @; the script puts it in.
  gateway_settings = merge(
    { for key, value in local.common_settings : key => value if !contains(["controller.quorum.voters", "log.dirs", "tidemark.bootstrap.users.file"], key) },
    {
      "node.id"              = "@NODE_ID@"
      "process.roles"        = "gateway"
      "broker.rack"          = "@ZONE@"
      "listeners"            = "CLIENTS://:${local.ports.clients}"
      "advertised.listeners" = "CLIENTS://@HOST@:${local.ports.clients}"
    },
    var.settings,
    try(var.gateways.settings, {}),
  )

  gateway_secrets = var.tls == null ? {} : {
    "/etc/tidemark/keystore.pem"   = try(var.gateways.keystore_secret_arn, "")
    "/etc/tidemark/truststore.pem" = var.tls.truststore_secret_arn
  }

  gateway_user_data = templatefile("${path.module}/templates/user-data.sh.tftpl", {
    gateway       = true
    named         = var.tls != null
    release       = var.release
    volume_id     = ""
    secrets       = local.gateway_secrets
    region        = data.aws_region.current.region
    heap          = try(coalesce(var.gateways.heap, var.heap), "")
    settings_file = join("", [for key in sort(keys(local.gateway_settings)) : "${key}=${local.gateway_settings[key]}\n"])
  })
}

resource "aws_launch_template" "gateway" {
  count = length(local.gateways)

  name_prefix            = "${var.name}-gateway-"
  description            = "Gateways of the Tidemark cluster ${var.name}"
  image_id               = var.image_id == null ? data.aws_ssm_parameter.image[0].value : var.image_id
  instance_type          = coalesce(local.gateways[count.index].instance_type, var.instance_type)
  update_default_version = true
  user_data              = base64gzip(local.gateway_user_data)
  tags                   = local.tags

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_type = "gp3"
      volume_size = 16
      encrypted   = true
      kms_key_id  = var.kms_key_arn
    }
  }

  iam_instance_profile {
    arn = aws_iam_instance_profile.gateway[0].arn
  }

  # In a network of the module's own, gateways reach package repositories as nodes do.
  network_interfaces {
    associate_public_ip_address = var.network == null
    security_groups             = [aws_security_group.gateways[0].id]
  }

  # Tokens only, and not from within containers.
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  tag_specifications {
    resource_type = "instance"
    tags          = merge(local.tags, { Name = "${var.name}-gateway", "tidemark:group" = "${var.name}-gateways" })
  }
}

resource "aws_autoscaling_group" "gateways" {
  count = length(local.gateways)

  name_prefix               = "${var.name}-gateways-"
  min_size                  = local.gateways[count.index].min_size
  max_size                  = local.gateways[count.index].max_size
  vpc_zone_identifier       = local.subnets
  target_group_arns         = [aws_lb_target_group.gateways[0].arn]
  health_check_type         = "ELB"
  health_check_grace_period = 300
  default_instance_warmup   = 120

  launch_template {
    id      = aws_launch_template.gateway[0].id
    version = aws_launch_template.gateway[0].latest_version
  }

  # Unlike nodes, gateways are replaced by Terraform: another release or setting reaches them one after the other.
  instance_refresh {
    strategy = "Rolling"

    preferences {
      min_healthy_percentage = 100
      max_healthy_percentage = 150
    }
  }
}

resource "aws_autoscaling_policy" "gateways" {
  count = length(local.gateways)

  name                   = "cpu"
  autoscaling_group_name = aws_autoscaling_group.gateways[0].name
  policy_type            = "TargetTrackingScaling"

  target_tracking_configuration {
    target_value = local.gateways[count.index].cpu_target_percent

    predefined_metric_specification {
      predefined_metric_type = "ASGAverageCPUUtilization"
    }
  }
}

resource "aws_lb" "gateways" {
  count = length(local.gateways)

  name                             = "${var.name}-gw"
  load_balancer_type               = "network"
  internal                         = true
  subnets                          = local.subnets
  security_groups                  = [aws_security_group.gateways[0].id]
  enable_cross_zone_load_balancing = true
  tags                             = local.tags
}

resource "aws_lb_target_group" "gateways" {
  count = length(local.gateways)

  name                 = "${var.name}-gw"
  vpc_id               = local.vpc_id
  port                 = local.ports.clients
  protocol             = "TCP"
  target_type          = "instance"
  deregistration_delay = "60"
  tags                 = local.tags

  health_check {
    protocol            = "HTTP"
    port                = tostring(local.ports.http)
    path                = "/readyz"
    matcher             = "200"
    interval            = 10
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

resource "aws_lb_listener" "gateways" {
  count = length(local.gateways)

  load_balancer_arn = aws_lb.gateways[0].arn
  port              = local.ports.clients
  protocol          = "TCP"
  tags              = local.tags

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.gateways[0].arn
  }
}

# Who may reach a gateway: as a node's clients port and monitoring, and the balancer, which is in the same group. Gateways reach
# the ports of nodes that are for nodes.

resource "aws_security_group" "gateways" {
  count = length(local.gateways)

  name_prefix = "${var.name}-gateways-"
  description = "Gateways of the Tidemark cluster ${var.name}, and their load balancer"
  vpc_id      = local.vpc_id
  tags        = local.tags

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "gateway_clients" {
  for_each = toset(local.has_gateways ? var.client_cidr_blocks : [])

  security_group_id = aws_security_group.gateways[0].id
  description       = "Kafka clients"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = local.ports.clients
  to_port           = local.ports.clients
  tags              = local.tags
}

resource "aws_vpc_security_group_ingress_rule" "gateway_client_groups" {
  count = local.has_gateways ? length(var.client_security_group_ids) : 0

  security_group_id            = aws_security_group.gateways[0].id
  description                  = "Kafka clients"
  referenced_security_group_id = var.client_security_group_ids[count.index]
  ip_protocol                  = "tcp"
  from_port                    = local.ports.clients
  to_port                      = local.ports.clients
  tags                         = local.tags
}

resource "aws_vpc_security_group_ingress_rule" "gateway_monitoring" {
  for_each = toset(local.has_gateways ? var.monitoring_cidr_blocks : [])

  security_group_id = aws_security_group.gateways[0].id
  description       = "Metrics and health"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = local.ports.http
  to_port           = local.ports.http
  tags              = local.tags
}

resource "aws_vpc_security_group_ingress_rule" "gateway_balancer" {
  for_each = { for name, port in local.ports : name => port if local.has_gateways && contains(["clients", "http"], name) }

  security_group_id            = aws_security_group.gateways[0].id
  description                  = "From the load balancer: ${each.key}"
  referenced_security_group_id = aws_security_group.gateways[0].id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
  tags                         = local.tags
}

resource "aws_vpc_security_group_ingress_rule" "nodes_from_gateways" {
  for_each = { for name, port in local.ports : name => port if local.has_gateways && contains(["nodes", "controllers"], name) }

  security_group_id            = aws_security_group.nodes.id
  description                  = "From gateways: ${each.key}"
  referenced_security_group_id = aws_security_group.gateways[0].id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
  tags                         = local.tags
}

resource "aws_vpc_security_group_egress_rule" "gateways" {
  count = length(local.gateways)

  security_group_id = aws_security_group.gateways[0].id
  description       = "Nodes, S3, Secrets Manager, packages"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
  tags              = local.tags
}

# What a gateway may do: read history, its release and its secrets; change nothing. Only who may list a bucket is told that an
# object is gone rather than denied.

data "aws_iam_policy_document" "gateway" {
  count = length(local.gateways)

  statement {
    sid       = "Objects"
    actions   = ["s3:GetObject"]
    resources = ["${local.bucket_arn}/${var.bucket_prefix}/*"]
  }

  statement {
    sid       = "Listings"
    actions   = ["s3:ListBucket"]
    resources = [local.bucket_arn]
  }

  statement {
    sid       = "Release"
    actions   = ["s3:GetObject"]
    resources = ["arn:${data.aws_partition.current.partition}:s3:::${var.release.bucket}/${var.release.key}"]
  }

  dynamic "statement" {
    for_each = length(local.gateway_secrets) == 0 ? [] : [local.gateway_secrets]

    content {
      sid       = "Secrets"
      actions   = ["secretsmanager:GetSecretValue"]
      resources = distinct(values(statement.value))
    }
  }

  dynamic "statement" {
    for_each = var.kms_key_arn == null ? [] : [var.kms_key_arn]

    content {
      sid       = "Key"
      actions   = ["kms:Decrypt"]
      resources = [statement.value]
    }
  }
}

resource "aws_iam_role" "gateway" {
  count = length(local.gateways)

  name_prefix        = "${var.name}-gw-"
  description        = "Gateways of the Tidemark cluster ${var.name}"
  assume_role_policy = data.aws_iam_policy_document.assume.json
  tags               = local.tags
}

resource "aws_iam_role_policy" "gateway" {
  count = length(local.gateways)

  name   = "tidemark"
  role   = aws_iam_role.gateway[0].id
  policy = data.aws_iam_policy_document.gateway[0].json
}

resource "aws_iam_instance_profile" "gateway" {
  count = length(local.gateways)

  name_prefix = "${var.name}-gw-"
  role        = aws_iam_role.gateway[0].name
  tags        = local.tags
}

resource "aws_route53_record" "gateways" {
  count = local.has_gateways && var.dns != null ? 1 : 0

  zone_id = var.dns.zone_id
  name    = "gateways.${var.dns.domain}"
  type    = "A"

  alias {
    name                   = aws_lb.gateways[0].dns_name
    zone_id                = aws_lb.gateways[0].zone_id
    evaluate_target_health = true
  }
}

resource "aws_cloudwatch_metric_alarm" "gateways" {
  count = local.has_gateways && length(var.alarm_topic_arns) > 0 ? 1 : 0

  alarm_name          = "${var.name}-gateways-healthy"
  alarm_description   = "${var.name} has no gateway that is ready: their clients reach nothing."
  namespace           = "AWS/NetworkELB"
  metric_name         = "HealthyHostCount"
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 3
  threshold           = 1
  comparison_operator = "LessThanThreshold"
  treat_missing_data  = "breaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
  tags                = local.tags

  dimensions = {
    LoadBalancer = aws_lb.gateways[0].arn_suffix
    TargetGroup  = aws_lb_target_group.gateways[0].arn_suffix
  }
}
