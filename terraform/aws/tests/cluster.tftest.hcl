# What the module plans, with a mocked provider.

mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-west-1a", "eu-west-1b", "eu-west-1c", "eu-west-1d"] }
  }

  mock_data "aws_region" {
    defaults = { region = "eu-west-1" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_subnet" {
    defaults = { availability_zone = "eu-west-1a" }
  }

  mock_resource "aws_network_interface" {
    defaults = { private_ip = "10.40.0.10" }
  }
}

variables {
  name            = "trial"
  allow_plaintext = true
  release = {
    bucket = "releases"
    key    = "tidemark-0.1.0.tar.gz"
    sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  }
}

run "three_nodes_in_three_zones" {
  assert {
    condition     = length(aws_instance.node) == 3 && length(aws_ebs_volume.node) == 3 && length(aws_network_interface.node) == 3
    error_message = "A node is an instance, a volume and an address."
  }

  assert {
    condition     = join(",", aws_subnet.this[*].availability_zone) == "eu-west-1a,eu-west-1b,eu-west-1c"
    error_message = "The first three zones have a subnet each."
  }

  assert {
    condition     = length(distinct([for id in ["1", "2", "3"] : aws_network_interface.node[id].subnet_id])) == 3
    error_message = "Every node stands in a zone of its own."
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.status) == 0 && length(aws_route53_record.node) == 0
    error_message = "Nobody asked for alarms or names."
  }

  assert {
    condition     = output.bootstrap_servers == "10.40.0.10:9092,10.40.0.10:9092,10.40.0.10:9092"
    error_message = "Clients begin at any node."
  }
}

run "a_new_bucket_is_closed_and_encrypted" {
  assert {
    condition     = alltrue([aws_s3_bucket_public_access_block.this[0].block_public_acls, aws_s3_bucket_public_access_block.this[0].block_public_policy, aws_s3_bucket_public_access_block.this[0].restrict_public_buckets])
    error_message = "The bucket must not be public."
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this[0].rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "The bucket must be encrypted."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this[0].rule[0].abort_incomplete_multipart_upload[0].days_after_initiation == 3 && length(aws_s3_bucket_lifecycle_configuration.this[0].rule[0].expiration) == 0
    error_message = "Stale uploads end, and nothing else does."
  }
}

run "five_nodes_with_three_voters_wrap_around_the_zones" {
  variables {
    node_ids = [1, 2, 3, 4, 5]
  }

  assert {
    condition     = aws_network_interface.node["4"].subnet_id == aws_network_interface.node["1"].subnet_id
    error_message = "Node 4 stands where node 1 does."
  }

  assert {
    condition     = local.node_settings["5"]["process.roles"] == "broker" && local.node_settings["3"]["process.roles"] == "broker,controller"
    error_message = "Only voters are controllers."
  }

  assert {
    condition     = !strcontains(local.node_settings["5"]["listeners"], "CONTROLLERS") && strcontains(local.node_settings["1"]["listeners"], "CONTROLLERS://:9096")
    error_message = "Only controllers listen for nodes."
  }
}

run "an_existing_network_and_bucket_are_used_as_they_are" {
  variables {
    network         = { vpc_id = "vpc-1", subnet_ids = ["subnet-a", "subnet-b", "subnet-c"], route_table_ids = ["rtb-1"] }
    existing_bucket = "history"
    bucket_prefix   = "streams/prod"
  }

  assert {
    condition     = length(aws_vpc.this) == 0 && length(aws_subnet.this) == 0 && length(aws_eip.node) == 0 && length(aws_s3_bucket.this) == 0
    error_message = "Nothing is made that exists."
  }

  assert {
    condition     = aws_vpc_endpoint.s3[0].route_table_ids == toset(["rtb-1"])
    error_message = "S3 is reached through the endpoint."
  }

  assert {
    condition     = local.node_settings["1"]["tiering.store"] == "s3://history/streams/prod"
    error_message = "History goes below the prefix."
  }
}

run "tls_reads_secrets_and_names_nodes" {
  variables {
    allow_plaintext = false
    dns             = { zone_id = "Z1", domain = "tidemark.example.org" }
    tls             = { keystore_secret_arn = "arn:aws:secretsmanager:eu-west-1:1:secret:key", truststore_secret_arn = "arn:aws:secretsmanager:eu-west-1:1:secret:trust" }
  }

  assert {
    condition     = output.bootstrap_servers == "node-1.tidemark.example.org:9092,node-2.tidemark.example.org:9092,node-3.tidemark.example.org:9092" && output.security_protocol == "SSL"
    error_message = "Clients connect by name, with TLS."
  }

  assert {
    condition     = local.node_settings["2"]["listener.security.protocol.map"] == "CLIENTS:SSL,NODES:SSL,CONTROLLERS:SSL" && local.node_settings["2"]["listener.name.clients.ssl.client.auth"] == "required"
    error_message = "Clients and nodes speak TLS, with certificates on both sides."
  }

  assert {
    condition     = local.node_settings["2"]["tidemark.node.principal"] == "" && strcontains(local.node_settings["2"]["controller.quorum.voters"], "1@node-1.tidemark.example.org:")
    error_message = "A certificate that all nodes share binds no id, and voters are found by the names in it."
  }
}

run "nodes_always_show_certificates" {
  variables {
    allow_plaintext = false
    dns             = { zone_id = "Z1", domain = "tidemark.example.org" }
    tls             = { keystore_secret_arn = "arn:aws:secretsmanager:eu-west-1:1:secret:key", truststore_secret_arn = "arn:aws:secretsmanager:eu-west-1:1:secret:trust", client_auth = "none" }
  }

  assert {
    condition     = local.node_settings["1"]["ssl.client.auth"] == "required" && local.node_settings["1"]["listener.name.clients.ssl.client.auth"] == "none"
    error_message = "Only clients may come without a certificate."
  }
}

run "certificates_of_their_own_bind_ids" {
  variables {
    allow_plaintext = false
    dns             = { zone_id = "Z1", domain = "tidemark.example.org" }
    tls = {
      node_keystore_secret_arns = { for id in ["1", "2", "3"] : id => "arn:aws:secretsmanager:eu-west-1:1:secret:key-${id}" }
      truststore_secret_arn     = "arn:aws:secretsmanager:eu-west-1:1:secret:trust"
    }
  }

  assert {
    condition     = local.node_settings["2"]["tidemark.node.principal"] == "User:node-{id}" && local.keystore_of["2"] == "arn:aws:secretsmanager:eu-west-1:1:secret:key-2"
    error_message = "Each node has a certificate of its own."
  }
}

run "a_node_without_a_certificate_is_refused" {
  command = plan

  variables {
    allow_plaintext = false
    dns             = { zone_id = "Z1", domain = "tidemark.example.org" }
    tls = {
      node_keystore_secret_arns = { "1" = "arn:aws:secretsmanager:eu-west-1:1:secret:key-1" }
      truststore_secret_arn     = "arn:aws:secretsmanager:eu-west-1:1:secret:trust"
    }
  }

  expect_failures = [var.tls]
}

run "clients_log_in_and_nodes_show_certificates" {
  variables {
    allow_plaintext = false
    dns             = { zone_id = "Z1", domain = "tidemark.example.org" }
    tls = {
      node_keystore_secret_arns = { for id in ["1", "2", "3"] : id => "arn:aws:secretsmanager:eu-west-1:1:secret:key-${id}" }
      truststore_secret_arn     = "arn:aws:secretsmanager:eu-west-1:1:secret:trust"
      client_auth               = "none"
    }
    sasl = { first_users_secret_arn = "arn:aws:secretsmanager:eu-west-1:1:secret:users", super_users = ["User:admin"] }
  }

  assert {
    condition     = output.security_protocol == "SASL_SSL" && local.node_settings["1"]["listener.security.protocol.map"] == "CLIENTS:SASL_SSL,NODES:SSL,CONTROLLERS:SSL"
    error_message = "Clients log in, nodes show certificates."
  }

  assert {
    condition     = local.node_settings["1"]["sasl.enabled.mechanisms"] == "SCRAM-SHA-512" && local.node_settings["1"]["tidemark.bootstrap.users.file"] == "/etc/tidemark/first-users"
    error_message = "By SCRAM, the first of them from a file."
  }

  assert {
    condition     = local.node_settings["1"]["super.users"] == "User:node-1;User:node-2;User:node-3;User:admin" && local.node_settings["1"]["authorizer.class.name"] != ""
    error_message = "Where there are rules, nodes are super users too."
  }

  assert {
    condition     = toset(values(local.secrets["2"])) == toset(["arn:aws:secretsmanager:eu-west-1:1:secret:key-2", "arn:aws:secretsmanager:eu-west-1:1:secret:trust", "arn:aws:secretsmanager:eu-west-1:1:secret:users"])
    error_message = "A node reads its own key, the authorities and the users."
  }
}

run "clients_may_log_in_without_tls_where_that_is_permitted" {
  variables {
    sasl = { first_users_secret_arn = "arn:aws:secretsmanager:eu-west-1:1:secret:users", mechanisms = ["SCRAM-SHA-256", "SCRAM-SHA-512"] }
  }

  assert {
    condition     = output.security_protocol == "SASL_PLAINTEXT" && local.node_settings["3"]["sasl.enabled.mechanisms"] == "SCRAM-SHA-256,SCRAM-SHA-512"
    error_message = "SCRAM shows no password on the wire."
  }
}

run "rules_need_nodes_with_names" {
  command = plan

  variables {
    sasl = { first_users_secret_arn = "arn:aws:secretsmanager:eu-west-1:1:secret:users", super_users = ["User:admin"] }
  }

  expect_failures = [var.sasl]
}

run "passwords_are_not_sent" {
  command = plan

  variables {
    sasl = { first_users_secret_arn = "arn:aws:secretsmanager:eu-west-1:1:secret:users", mechanisms = ["PLAIN"] }
  }

  expect_failures = [var.sasl]
}

run "instance_store_needs_no_volume" {
  variables {
    instance_type = "i4i.large"
    storage       = { type = "instance-store" }
  }

  assert {
    condition     = length(aws_ebs_volume.node) == 0 && length(aws_volume_attachment.node) == 0
    error_message = "The instance brings its disks."
  }
}

run "alarms_reach_whoever_is_on_call" {
  variables {
    alarm_topic_arns = ["arn:aws:sns:eu-west-1:1:oncall"]
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.status) == 3 && aws_cloudwatch_metric_alarm.status["1"].alarm_actions == toset(["arn:aws:sns:eu-west-1:1:oncall"])
    error_message = "Every node has an alarm."
  }
}

run "without_gateways_there_is_nothing_of_them" {
  assert {
    condition     = length(aws_autoscaling_group.gateways) == 0 && length(aws_lb.gateways) == 0 && length(aws_security_group.gateways) == 0 && output.gateway_bootstrap_servers == null
    error_message = "Nobody asked for gateways."
  }
}

run "gateways_scale_behind_a_balancer" {
  variables {
    gateways               = { min_size = 3, max_size = 12, cpu_target_percent = 60 }
    client_cidr_blocks     = ["10.0.0.0/8"]
    monitoring_cidr_blocks = ["10.9.0.0/16"]
    alarm_topic_arns       = ["arn:aws:sns:eu-west-1:1:oncall"]
  }

  override_resource {
    target = aws_lb.gateways[0]
    values = { dns_name = "trial-gw.elb.eu-west-1.amazonaws.com" }
  }

  assert {
    condition     = aws_autoscaling_group.gateways[0].min_size == 3 && aws_autoscaling_group.gateways[0].max_size == 12 && one(aws_autoscaling_policy.gateways[0].target_tracking_configuration).target_value == 60
    error_message = "They are as many as their processors need."
  }

  assert {
    condition     = length(aws_autoscaling_group.gateways[0].vpc_zone_identifier) == 3 && aws_autoscaling_group.gateways[0].health_check_type == "ELB"
    error_message = "They stand in every zone, and one that is not ready is replaced."
  }

  assert {
    condition     = aws_lb.gateways[0].load_balancer_type == "network" && aws_lb.gateways[0].internal && aws_lb_listener.gateways[0].port == 9092
    error_message = "Clients begin at a network load balancer."
  }

  assert {
    condition     = one(aws_lb_target_group.gateways[0].health_check).path == "/readyz" && one(aws_lb_target_group.gateways[0].health_check).port == "9094"
    error_message = "Only gateways that are ready get clients."
  }

  assert {
    condition     = output.gateway_bootstrap_servers == "trial-gw.elb.eu-west-1.amazonaws.com:9092"
    error_message = "The balancer's name is where clients begin."
  }

  assert {
    condition     = local.gateway_settings["process.roles"] == "gateway" && !contains(keys(local.gateway_settings), "log.dirs") && local.gateway_settings["inter.broker.listener.name"] == "NODES" && local.gateway_settings["tiering.store"] == local.node_settings["1"]["tiering.store"]
    error_message = "A gateway holds nothing and reads the nodes' bucket."
  }

  assert {
    condition     = toset(keys(aws_vpc_security_group_ingress_rule.nodes_from_gateways)) == toset(["nodes", "controllers"]) && length(aws_vpc_security_group_ingress_rule.gateway_clients) == 1 && length(aws_vpc_security_group_ingress_rule.gateway_monitoring) == 1
    error_message = "Gateways reach what nodes serve nodes, and nothing of the quorum; clients and monitoring reach them."
  }

  assert {
    condition     = toset(flatten([for statement in data.aws_iam_policy_document.gateway[0].statement : statement.actions])) == toset(["s3:GetObject", "s3:ListBucket"])
    error_message = "Gateways change nothing in the bucket."
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.gateways) == 1 && strcontains(output.gateway_scrape_config, "trial-gateways")
    error_message = "Somebody is told when none is left, and Prometheus finds them."
  }
}

run "gateways_have_a_name_and_a_certificate_where_there_is_tls" {
  variables {
    allow_plaintext = false
    dns             = { zone_id = "Z1", domain = "tidemark.example.org" }
    tls             = { keystore_secret_arn = "arn:aws:secretsmanager:eu-west-1:1:secret:key", truststore_secret_arn = "arn:aws:secretsmanager:eu-west-1:1:secret:trust" }
    gateways        = { keystore_secret_arn = "arn:aws:secretsmanager:eu-west-1:1:secret:gateways" }
  }

  assert {
    condition     = output.gateway_bootstrap_servers == "gateways.tidemark.example.org:9092" && aws_route53_record.gateways[0].name == "gateways.tidemark.example.org"
    error_message = "Clients begin at a name."
  }

  assert {
    condition     = toset(values(local.gateway_secrets)) == toset(["arn:aws:secretsmanager:eu-west-1:1:secret:gateways", "arn:aws:secretsmanager:eu-west-1:1:secret:trust"])
    error_message = "A gateway reads its key and the authorities, and no node's key."
  }
}

run "gateways_with_tls_need_a_certificate" {
  command = plan

  variables {
    allow_plaintext = false
    dns             = { zone_id = "Z1", domain = "tidemark.example.org" }
    tls             = { keystore_secret_arn = "arn:aws:secretsmanager:eu-west-1:1:secret:key", truststore_secret_arn = "arn:aws:secretsmanager:eu-west-1:1:secret:trust" }
    gateways        = {}
  }

  expect_failures = [var.gateways]
}

run "gateways_that_share_a_certificate_are_refused_where_ids_are_bound" {
  command = plan

  variables {
    allow_plaintext = false
    dns             = { zone_id = "Z1", domain = "tidemark.example.org" }
    tls = {
      node_keystore_secret_arns = { for id in ["1", "2", "3"] : id => "arn:aws:secretsmanager:eu-west-1:1:secret:key-${id}" }
      truststore_secret_arn     = "arn:aws:secretsmanager:eu-west-1:1:secret:trust"
    }
    gateways = { keystore_secret_arn = "arn:aws:secretsmanager:eu-west-1:1:secret:gateways" }
  }

  expect_failures = [var.gateways]
}

run "a_group_of_gateways_has_at_least_one" {
  command = plan

  variables {
    gateways = { min_size = 0 }
  }

  expect_failures = [var.gateways]
}

run "plain_text_has_to_be_permitted" {
  command = plan

  variables {
    allow_plaintext = false
  }

  expect_failures = [var.allow_plaintext]
}

run "two_voters_are_refused" {
  command = plan

  variables {
    voter_ids = [1, 2]
  }

  expect_failures = [var.voter_ids]
}

run "a_voter_must_be_a_node" {
  command = plan

  variables {
    node_ids = [1, 2, 4]
  }

  expect_failures = [var.voter_ids]
}

run "a_release_needs_its_checksum" {
  command = plan

  variables {
    release = { bucket = "releases", key = "tidemark-0.1.0.tar.gz", sha256 = "latest" }
  }

  expect_failures = [var.release]
}

run "the_module_s_settings_are_not_overridden" {
  command = plan

  variables {
    settings = { "node.id" = "7" }
  }

  expect_failures = [var.settings]
}

run "a_setting_is_one_line" {
  command = plan

  variables {
    settings = { "log.retention.ms" = "1\nnode.id=7" }
  }

  expect_failures = [var.settings]
}
