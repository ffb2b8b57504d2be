# A node is three things with one id: a network interface (its address), a volume (its hot segments and its vote) and an
# instance, which may be replaced at any time; the other two stay. docs/decisions/0080 says why there is no auto scaling group.

data "aws_ssm_parameter" "image" {
  count = var.image_id == null ? 1 : 0

  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${var.architecture}"
}

resource "aws_network_interface" "node" {
  for_each = toset(local.node_ids)

  description     = "${var.name} node ${each.key}"
  subnet_id       = local.subnet_of[each.key]
  security_groups = [aws_security_group.nodes.id]
  tags            = merge(local.tags, { Name = "${var.name}-${each.key}" })
}

# Only so that a node in a network of the module's own reaches package repositories; nobody is told of it.
resource "aws_eip" "node" {
  for_each = toset(var.network == null ? local.node_ids : [])

  domain            = "vpc"
  network_interface = aws_network_interface.node[each.key].id
  tags              = merge(local.tags, { Name = "${var.name}-${each.key}" })

  depends_on = [aws_internet_gateway.this]
}

data "aws_subnet" "node" {
  for_each = toset(local.node_ids)

  id = local.subnet_of[each.key]
}

resource "aws_ebs_volume" "node" {
  for_each = toset(var.storage.type == "gp3" ? local.node_ids : [])

  availability_zone = data.aws_subnet.node[each.key].availability_zone
  type              = "gp3"
  size              = var.storage.size_gib
  iops              = var.storage.iops
  throughput        = var.storage.throughput_mibs
  encrypted         = true
  kms_key_id        = var.kms_key_arn
  tags              = merge(local.tags, { Name = "${var.name}-${each.key}" })
}

resource "aws_volume_attachment" "node" {
  for_each = aws_ebs_volume.node

  device_name                    = "/dev/sdf"
  volume_id                      = each.value.id
  instance_id                    = aws_instance.node[each.key].id
  stop_instance_before_detaching = true
}

resource "aws_launch_template" "node" {
  name_prefix            = "${var.name}-"
  description            = "Nodes of the Tidemark cluster ${var.name}"
  image_id               = var.image_id == null ? data.aws_ssm_parameter.image[0].value : var.image_id
  instance_type          = var.instance_type
  update_default_version = true
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
    arn = aws_iam_instance_profile.node.arn
  }

  # Tokens only, and not from within containers.
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  maintenance_options {
    auto_recovery = "default"
  }

  # A newer image alone is no reason to replace nodes.
  lifecycle {
    ignore_changes = [image_id]
  }
}

resource "aws_instance" "node" {
  for_each = toset(local.node_ids)

  launch_template {
    id      = aws_launch_template.node.id
    version = aws_launch_template.node.latest_version
  }

  primary_network_interface {
    network_interface_id = aws_network_interface.node[each.key].id
  }

  user_data_base64 = base64gzip(local.user_data[each.key])
  tags             = merge(local.tags, { Name = "${var.name}-${each.key}", "tidemark:node" = each.key })

  # Terraform would replace every node at once. A release or setting reaches nodes one by one, by -replace: see the README.
  lifecycle {
    ignore_changes = [user_data_base64, launch_template]
  }
}
