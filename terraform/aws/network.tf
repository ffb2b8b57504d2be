# A network of its own, where none is given: a public subnet in each zone, closed but for what security.tf lets in, so that
# nodes reach package repositories without NAT gateways. What nodes say to S3 goes through the gateway endpoint.

resource "aws_vpc" "this" {
  count = var.network == null ? 1 : 0

  cidr_block           = var.vpc_cidr_block
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = local.tags
}

resource "aws_internet_gateway" "this" {
  count = var.network == null ? 1 : 0

  vpc_id = aws_vpc.this[0].id
  tags   = local.tags
}

resource "aws_route_table" "this" {
  count = var.network == null ? 1 : 0

  vpc_id = aws_vpc.this[0].id
  tags   = local.tags
}

resource "aws_route" "out" {
  count = var.network == null ? 1 : 0

  route_table_id         = aws_route_table.this[0].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}

resource "aws_subnet" "this" {
  count = length(local.zones)

  vpc_id            = aws_vpc.this[0].id
  cidr_block        = cidrsubnet(var.vpc_cidr_block, 4, count.index)
  availability_zone = local.zones[count.index]
  tags              = merge(local.tags, { Name = "${var.name}-${local.zones[count.index]}" })
}

resource "aws_route_table_association" "this" {
  count = length(local.zones)

  subnet_id      = aws_subnet.this[count.index].id
  route_table_id = aws_route_table.this[0].id
}

# Uploads and replays cost nothing for their way this way.
resource "aws_vpc_endpoint" "s3" {
  count = var.network == null ? 1 : (length(var.network.route_table_ids) > 0 ? 1 : 0)

  vpc_id            = local.vpc_id
  service_name      = "com.amazonaws.${data.aws_region.current.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = var.network == null ? aws_route_table.this[*].id : var.network.route_table_ids
  tags              = local.tags
}
