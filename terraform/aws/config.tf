# What is written on a node: its settings and the script that makes a machine a node.

locals {
  protocol        = var.tls == null ? "PLAINTEXT" : "SSL"
  client_protocol = var.sasl == null ? local.protocol : "SASL_${local.protocol}"

  # The secret with each node's key and certificate: its own, or the one they share.
  keystore_of = { for id in local.node_ids : id => var.tls == null ? "" : lookup(var.tls.node_keystore_secret_arns, id, var.tls.keystore_secret_arn) }

  # One listener for clients, one for what nodes say to each other, one for the controllers; the quorum's own port is in its voters
  # and encrypted as the controllers' listener is. Nodes always show each other certificates; only certificates of their own bind their ids.
  node_names = "RULE:^CN=(node-[0-9]+)(,.*)?$/$1/,DEFAULT"

  common_settings = merge(
    {
      "controller.quorum.voters"            = join(",", [for id in var.voter_ids : "${id}@${local.address_of[tostring(id)]}:${local.ports.quorum}"])
      "controller.quorum.bootstrap.servers" = join(",", [for id in var.voter_ids : "${local.address_of[tostring(id)]}:${local.ports.controllers}"])
      "controller.listener.names"           = "CONTROLLERS"
      "inter.broker.listener.name"          = "NODES"
      "listener.security.protocol.map"      = "CLIENTS:${local.client_protocol},NODES:${local.protocol},CONTROLLERS:${local.protocol}"
      "tidemark.http.listener"              = ":${local.ports.http}"
      "tidemark.http.anonymous"             = "metrics"
      "log.dirs"                            = "/var/lib/tidemark/data"
      "tiering.store"                       = "s3://${local.bucket}/${var.bucket_prefix}"
      "tiering.s3.region"                   = data.aws_region.current.region
    },
    var.tls == null ? {} : {
      "ssl.keystore.type"       = "PEM"
      "ssl.keystore.location"   = "/etc/tidemark/keystore.pem"
      "ssl.truststore.type"     = "PEM"
      "ssl.truststore.location" = "/etc/tidemark/truststore.pem"
      "ssl.client.auth"         = "required"

      "listener.name.clients.ssl.client.auth" = var.tls.client_auth

      "listener.name.nodes.ssl.principal.mapping.rules"       = local.node_names
      "listener.name.controllers.ssl.principal.mapping.rules" = local.node_names
      "tidemark.node.principal"                               = length(var.tls.node_keystore_secret_arns) == 0 ? "" : "User:node-{id}"
    },
    var.sasl == null ? {} : {
      "sasl.enabled.mechanisms"       = join(",", var.sasl.mechanisms)
      "tidemark.bootstrap.users.file" = "/etc/tidemark/first-users"
    },
    try(length(var.sasl.super_users), 0) == 0 ? {} : {
      "authorizer.class.name" = "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
      "super.users"           = join(";", concat([for id in local.node_ids : "User:node-${id}"], var.sasl.super_users))
    },
  )

  # What each node reads from Secrets Manager, by the file it becomes.
  secrets = {
    for id in local.node_ids : id => merge(
      var.tls == null ? {} : {
        "/etc/tidemark/keystore.pem"   = local.keystore_of[id]
        "/etc/tidemark/truststore.pem" = var.tls.truststore_secret_arn
      },
      var.sasl == null ? {} : { "/etc/tidemark/first-users" = var.sasl.first_users_secret_arn },
    )
  }

  node_settings = {
    for id in local.node_ids : id => merge(
      local.common_settings,
      {
        "node.id"       = id
        "process.roles" = contains(var.voter_ids, tonumber(id)) ? "broker,controller" : "broker"
        "broker.rack"   = data.aws_subnet.node[id].availability_zone
        "listeners" = join(",", concat(
          ["CLIENTS://:${local.ports.clients}", "NODES://:${local.ports.nodes}"],
          contains(var.voter_ids, tonumber(id)) ? ["CONTROLLERS://:${local.ports.controllers}"] : [],
        ))
        "advertised.listeners" = join(",", concat(
          ["CLIENTS://${local.address_of[id]}:${local.ports.clients}", "NODES://${local.address_of[id]}:${local.ports.nodes}"],
          contains(var.voter_ids, tonumber(id)) ? ["CONTROLLERS://${local.address_of[id]}:${local.ports.controllers}"] : [],
        ))
      },
      var.settings,
    )
  }

  user_data = {
    for id in local.node_ids : id => templatefile("${path.module}/templates/user-data.sh.tftpl", {
      gateway       = false
      named         = var.tls != null
      release       = var.release
      volume_id     = var.storage.type == "gp3" ? aws_ebs_volume.node[id].id : ""
      secrets       = local.secrets[id]
      region        = data.aws_region.current.region
      heap          = var.heap == null ? "" : var.heap
      settings_file = join("", [for key in sort(keys(local.node_settings[id])) : "${key}=${local.node_settings[id][key]}\n"])
    })
  }
}
