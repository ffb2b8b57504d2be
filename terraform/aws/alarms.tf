# What CloudWatch sees from outside. What Tidemark says of itself is scraped from each node; see the output
# prometheus_scrape_config and docs/operations.md.

resource "aws_cloudwatch_metric_alarm" "status" {
  for_each = toset(length(var.alarm_topic_arns) > 0 ? local.node_ids : [])

  alarm_name          = "${var.name}-node-${each.key}-status"
  alarm_description   = "Node ${each.key} of ${var.name} fails its status checks. Its partitions are led by others; replace it when it does not recover."
  namespace           = "AWS/EC2"
  metric_name         = "StatusCheckFailed"
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 3
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "breaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
  dimensions          = { InstanceId = aws_instance.node[each.key].id }
  tags                = local.tags
}

resource "aws_cloudwatch_metric_alarm" "cpu" {
  for_each = toset(length(var.alarm_topic_arns) > 0 ? local.node_ids : [])

  alarm_name          = "${var.name}-node-${each.key}-cpu"
  alarm_description   = "Node ${each.key} of ${var.name} has been busy for a quarter of an hour: add nodes or take larger ones."
  namespace           = "AWS/EC2"
  metric_name         = "CPUUtilization"
  statistic           = "Average"
  period              = 300
  evaluation_periods  = 3
  threshold           = 85
  comparison_operator = "GreaterThanThreshold"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
  dimensions          = { InstanceId = aws_instance.node[each.key].id }
  tags                = local.tags
}
