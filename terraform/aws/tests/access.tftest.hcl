# Who may do what: rights of the nodes, doors of the network, names, and what a plan refuses.

mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-west-1a", "eu-west-1b", "eu-west-1c"] }
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
  existing_bucket = "history"
  release = {
    bucket = "releases"
    key    = "tidemark-0.1.0.tar.gz"
    sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  }
}

run "the_role_may_do_what_nodes_do_and_no_more" {
  assert {
    condition = toset(flatten([for statement in data.aws_iam_policy_document.node.statement : statement.actions])) == toset([
      "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListBucket", "s3:ListBucketMultipartUploads",
    ])
    error_message = "The actions are those of docs/operations.md."
  }

  assert {
    condition = toset(flatten([for statement in data.aws_iam_policy_document.node.statement : statement.resources])) == toset([
      "arn:aws:s3:::history/tidemark/*", "arn:aws:s3:::history", "arn:aws:s3:::releases/tidemark-0.1.0.tar.gz",
    ])
    error_message = "They hold for the bucket's prefix and the release alone."
  }
}

run "keys_and_secrets_are_read_where_there_are_any" {
  variables {
    kms_key_arn = "arn:aws:kms:eu-west-1:1:key/1"
    sasl        = { first_users_secret_arn = "arn:aws:secretsmanager:eu-west-1:1:secret:users" }
  }

  assert {
    condition     = contains(flatten([for statement in data.aws_iam_policy_document.node.statement : statement.actions if statement.sid == "Secrets"]), "secretsmanager:GetSecretValue")
    error_message = "Secrets are read."
  }

  assert {
    condition     = toset(flatten([for statement in data.aws_iam_policy_document.node.statement : statement.resources if statement.sid == "Secrets"])) == toset(["arn:aws:secretsmanager:eu-west-1:1:secret:users"])
    error_message = "Only those that are named."
  }

  assert {
    condition     = toset(flatten([for statement in data.aws_iam_policy_document.node.statement : statement.actions if statement.sid == "Key"])) == toset(["kms:Decrypt", "kms:GenerateDataKey"])
    error_message = "The key encrypts and decrypts."
  }
}

run "only_who_is_named_comes_in" {
  variables {
    client_cidr_blocks        = ["10.0.0.0/8"]
    client_security_group_ids = ["sg-apps"]
    monitoring_cidr_blocks    = ["10.9.0.0/24"]
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.clients["10.0.0.0/8"].from_port == 9092 && aws_vpc_security_group_ingress_rule.clients["10.0.0.0/8"].to_port == 9092 && aws_vpc_security_group_ingress_rule.client_groups[0].from_port == 9092
    error_message = "Clients reach the clients' port."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.monitoring["10.9.0.0/24"].from_port == 9094
    error_message = "Monitoring reaches metrics and health."
  }

  assert {
    condition     = toset([for rule in aws_vpc_security_group_ingress_rule.nodes : rule.from_port]) == toset([9092, 9093, 9095, 9096]) && alltrue([for rule in aws_vpc_security_group_ingress_rule.nodes : rule.referenced_security_group_id == aws_security_group.nodes.id])
    error_message = "Nodes reach each other, as members of their group."
  }
}

run "nobody_comes_in_unasked" {
  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.clients) + length(aws_vpc_security_group_ingress_rule.client_groups) + length(aws_vpc_security_group_ingress_rule.monitoring) == 0
    error_message = "Without a named network nobody but nodes comes in."
  }
}

run "a_new_network_has_a_way_to_s3_of_its_own" {
  assert {
    condition     = aws_vpc_endpoint.s3[0].vpc_endpoint_type == "Gateway" && aws_vpc_endpoint.s3[0].service_name == "com.amazonaws.eu-west-1.s3"
    error_message = "History goes through the gateway endpoint."
  }
}

run "nodes_have_names" {
  variables {
    dns = { zone_id = "Z1", domain = "tidemark.example.org" }
  }

  assert {
    condition     = toset([for record in aws_route53_record.node : record.name]) == toset([for id in [1, 2, 3] : "node-${id}.tidemark.example.org"])
    error_message = "Each node has its name."
  }

  assert {
    condition     = aws_route53_record.all[0].name == "tidemark.example.org" && length(aws_route53_record.all[0].records) > 0
    error_message = "All of them have one."
  }

  assert {
    condition     = strcontains(output.prometheus_scrape_config, "node-2.tidemark.example.org:9094") && output.metrics_addresses["3"] == "node-3.tidemark.example.org:9094"
    error_message = "Prometheus finds them by name."
  }
}

run "disks_outlive_machines_and_are_encrypted" {
  assert {
    condition     = aws_ebs_volume.node["1"].type == "gp3" && aws_ebs_volume.node["1"].encrypted
    error_message = "A node's volume is gp3 and encrypted."
  }

  assert {
    condition     = aws_launch_template.node.metadata_options[0].http_tokens == "required"
    error_message = "Credentials of the role are not for the asking."
  }
}

run "names_have_a_form" {
  command = plan

  variables {
    name = "My Cluster"
  }

  expect_failures = [var.name]
}

run "ids_are_distinct" {
  command = plan

  variables {
    node_ids = [1, 2, 2]
  }

  expect_failures = [var.node_ids]
}

run "volumes_have_bounds" {
  command = plan

  variables {
    storage = { size_gib = 5, iops = 100 }
  }

  expect_failures = [var.storage]
}

run "networks_are_networks" {
  command = plan

  variables {
    client_cidr_blocks = ["everybody"]
  }

  expect_failures = [var.client_cidr_blocks]
}

run "heaps_have_units" {
  command = plan

  variables {
    heap = "lots"
  }

  expect_failures = [var.heap]
}

run "processors_are_known" {
  command = plan

  variables {
    architecture = "mips"
  }

  expect_failures = [var.architecture]
}
