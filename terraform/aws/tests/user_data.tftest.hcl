# The scripts that nodes start with, which tests/terraform/run lints and runs.

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

  mock_resource "aws_ebs_volume" {
    defaults = { id = "vol-0123456789abcdef0" }
  }
}

variables {
  name            = "trial"
  existing_bucket = "history"
  release = {
    bucket = "releases"
    key    = "tidemark-0.1.0.tar.gz"
    sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  }
}

run "plaintext" {
  variables {
    allow_plaintext = true
  }

  assert {
    condition     = !strcontains(output.user_data["1"], "fetch_secret")
    error_message = "There are no secrets."
  }
}

run "tls" {
  variables {
    heap = "4g"
    dns  = { zone_id = "Z1", domain = "tidemark.example.org" }
    tls  = { keystore_secret_arn = "arn:aws:secretsmanager:eu-west-1:1:secret:key", truststore_secret_arn = "arn:aws:secretsmanager:eu-west-1:1:secret:trust" }
  }

  assert {
    condition     = strcontains(output.user_data["1"], "fetch_secret 'arn:aws:secretsmanager:eu-west-1:1:secret:key' /etc/tidemark/keystore.pem") && strcontains(output.user_data["1"], "TIDEMARK_HEAP=4g")
    error_message = "The key comes from Secrets Manager."
  }
}

run "sasl" {
  variables {
    dns  = { zone_id = "Z1", domain = "tidemark.example.org" }
    tls  = { keystore_secret_arn = "arn:aws:secretsmanager:eu-west-1:1:secret:key", truststore_secret_arn = "arn:aws:secretsmanager:eu-west-1:1:secret:trust", client_auth = "none" }
    sasl = { first_users_secret_arn = "arn:aws:secretsmanager:eu-west-1:1:secret:users" }
  }

  assert {
    condition     = strcontains(output.user_data["1"], "fetch_secret 'arn:aws:secretsmanager:eu-west-1:1:secret:users' /etc/tidemark/first-users")
    error_message = "The first users come from Secrets Manager."
  }
}

run "more_nodes_than_voters" {
  variables {
    allow_plaintext = true
    node_ids        = [1, 2, 3, 4]
  }

  assert {
    condition     = strcontains(output.user_data["4"], "process.roles=broker\n") && strcontains(output.user_data["4"], "listeners=CLIENTS://:9092,NODES://:9095\n")
    error_message = "The fourth does not vote."
  }
}

run "gateways" {
  variables {
    allow_plaintext = true
    heap            = "4g"
    gateways        = { settings = { "tiering.chunk.cache.bytes" = "1073741824" } }
  }

  assert {
    condition     = !strcontains(output.gateway_user_data, "mount_disk") && strcontains(output.gateway_user_data, "TIDEMARK_HEAP=4g") && strcontains(output.gateway_user_data, "tiering.chunk.cache.bytes=1073741824")
    error_message = "A gateway has no disk, and settings of its own."
  }
}

run "gateways_with_tls" {
  variables {
    dns      = { zone_id = "Z1", domain = "tidemark.example.org" }
    tls      = { keystore_secret_arn = "arn:aws:secretsmanager:eu-west-1:1:secret:key", truststore_secret_arn = "arn:aws:secretsmanager:eu-west-1:1:secret:trust" }
    gateways = { keystore_secret_arn = "arn:aws:secretsmanager:eu-west-1:1:secret:gateways" }
  }

  assert {
    condition     = strcontains(output.gateway_user_data, "fetch_secret 'arn:aws:secretsmanager:eu-west-1:1:secret:gateways' /etc/tidemark/keystore.pem")
    error_message = "Gateways have a certificate of their own."
  }
}

run "instance_store" {
  variables {
    allow_plaintext = true
    storage         = { type = "instance-store" }
  }

  assert {
    condition     = strcontains(output.user_data["1"], "readonly volume_id=''")
    error_message = "There is no volume to wait for."
  }
}
