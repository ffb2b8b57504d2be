package io.tidemark.gateway.node;

import io.tidemark.gateway.api.AclHandlers;
import io.tidemark.gateway.api.AlterConfigsHandlers;
import io.tidemark.gateway.api.ApiTable;
import io.tidemark.gateway.api.ApiVersionsHandler;
import io.tidemark.gateway.api.AutoCreation;
import io.tidemark.gateway.api.ClientQuotaHandlers;
import io.tidemark.gateway.api.ClusterView;
import io.tidemark.gateway.api.ConfigDescriptions;
import io.tidemark.gateway.api.ConfigDescriptions.EffectiveConfigs;
import io.tidemark.gateway.api.DescribeClusterHandler;
import io.tidemark.gateway.api.DescribeConfigsHandler;
import io.tidemark.gateway.api.DescribeQuorumHandler;
import io.tidemark.gateway.api.DescribeTopicPartitionsHandler;
import io.tidemark.gateway.api.ListConfigResourcesHandler;
import io.tidemark.gateway.api.LoggerChanges;
import io.tidemark.gateway.api.LoggerLevels;
import io.tidemark.gateway.api.MetadataHandler;
import io.tidemark.gateway.api.OwnSettings;
import io.tidemark.gateway.api.PlacementHandlers;
import io.tidemark.gateway.api.SaslHandlers;
import io.tidemark.gateway.api.ScramHandlers;
import io.tidemark.gateway.api.TokenHandlers;
import io.tidemark.gateway.api.TopicAdminHandlers;
import io.tidemark.gateway.api.TopicMutations;
import io.tidemark.gateway.api.UpdateFeaturesHandler;
import io.tidemark.gateway.config.NetworkKeys;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.config.TokenKeys;
import io.tidemark.gateway.config.TopicDefaultKeys;
import io.tidemark.gateway.quota.MutationLedger;
import io.tidemark.metadata.controller.Controller;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * What every node that has clients answers itself, with replicas or without: from its image, and by
 * asking the controller.
 */
final class AdminApiWiring {
  private final NodeConfig config;
  private final ClusterView cluster;
  private final Controller controller;
  private final EffectiveConfigs configs;
  private final SecurityWiring security;
  private final MutationLedger mutations;
  private final AutoCreation autoCreation;

  /**
   * @param controller answers administrators when this node has acted
   * @param mutations counts what clients have it do
   */
  AdminApiWiring(
      NodeConfig config,
      ClusterView cluster,
      Controller controller,
      EffectiveConfigs configs,
      SecurityWiring security,
      MutationLedger mutations) {
    this.config = config;
    this.cluster = cluster;
    this.controller = controller;
    this.configs = configs;
    this.security = security;
    this.mutations = mutations;
    this.autoCreation =
        new AutoCreation(
            controller,
            config.getBoolean(TopicDefaultKeys.AUTO_CREATE_TOPICS_ENABLE),
            List.of(NodeSettings.offsetsTopic(config), NodeSettings.transactionTopic(config)));
  }

  AutoCreation autoCreation() {
    return autoCreation;
  }

  /**
   * @param table all that is served, once it is made
   */
  void addTo(ApiTable.Builder apis, Supplier<ApiTable> table) {
    apis.serve(ApiKeys.API_VERSIONS, 0, 5, new ApiVersionsHandler(cluster, table))
        .serve(ApiKeys.SASL_HANDSHAKE, 0, 1, SaslHandlers::handshake)
        .serve(ApiKeys.SASL_AUTHENTICATE, 0, 2, SaslHandlers::authenticate);
    serveTopics(apis);
    servePlacement(apis);
    serveConfigs(apis);
    serveSecurity(apis);
  }

  private void serveTopics(ApiTable.Builder apis) {
    TopicMutations changes =
        new TopicMutations(mutations, cluster, config.getInt(TopicDefaultKeys.NUM_PARTITIONS));
    TopicAdminHandlers topics =
        new TopicAdminHandlers(
            controller, config.getBoolean(TopicDefaultKeys.DELETE_TOPIC_ENABLE), changes);
    apis.serve(ApiKeys.METADATA, 0, 13, new MetadataHandler(cluster, autoCreation, changes))
        .serve(ApiKeys.CREATE_TOPICS, 2, 7, topics::create)
        .serve(ApiKeys.DELETE_TOPICS, 1, 6, topics::delete)
        .serve(ApiKeys.CREATE_PARTITIONS, 0, 3, topics::createPartitions)
        .serve(ApiKeys.DESCRIBE_CLUSTER, 0, 2, new DescribeClusterHandler(cluster))
        .serve(
            ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
            0,
            0,
            new DescribeTopicPartitionsHandler(
                cluster, config.getInt(NetworkKeys.REQUEST_PARTITION_LIMIT)))
        .serve(ApiKeys.DESCRIBE_QUORUM, 0, 2, new DescribeQuorumHandler(controller))
        .serve(ApiKeys.UPDATE_FEATURES, 0, 2, new UpdateFeaturesHandler(controller));
  }

  private void servePlacement(ApiTable.Builder apis) {
    PlacementHandlers placement = new PlacementHandlers(controller, cluster);
    apis.serve(ApiKeys.ELECT_LEADERS, 0, 2, placement::electLeaders)
        .serve(ApiKeys.ALTER_PARTITION_REASSIGNMENTS, 0, 1, placement::alterReassignments)
        .serve(ApiKeys.LIST_PARTITION_REASSIGNMENTS, 0, 0, placement::listReassignments)
        .serve(ApiKeys.UNREGISTER_BROKER, 0, 0, placement::unregister)
        .serve(ApiKeys.ADD_RAFT_VOTER, 0, 1, placement::addVoter)
        .serve(ApiKeys.REMOVE_RAFT_VOTER, 0, 0, placement::removeVoter);
  }

  private void serveConfigs(ApiTable.Builder apis) {
    LoggerLevels levels = ProcessLevels.find();
    AlterConfigsHandlers changes =
        new AlterConfigsHandlers(
            controller, new LoggerChanges(config.nodeId(), levels), ownSettings());
    apis.serve(
            ApiKeys.DESCRIBE_CONFIGS,
            1,
            4,
            new DescribeConfigsHandler(new ConfigDescriptions(cluster, configs, levels)))
        .serve(ApiKeys.ALTER_CONFIGS, 0, 2, changes::alter)
        .serve(ApiKeys.INCREMENTAL_ALTER_CONFIGS, 0, 1, changes::alterIncrementally)
        .serve(ApiKeys.LIST_CONFIG_RESOURCES, 0, 1, new ListConfigResourcesHandler(cluster));
  }

  private OwnSettings ownSettings() {
    return new CertificateChecks(config, security, cluster::image);
  }

  private void serveSecurity(ApiTable.Builder apis) {
    AclHandlers acls = new AclHandlers(cluster, controller, security.authoriser().isOn());
    ScramHandlers scram = new ScramHandlers(cluster, controller);
    ClientQuotaHandlers clientQuotas = new ClientQuotaHandlers(cluster, controller);
    apis.serve(ApiKeys.DESCRIBE_ACLS, 1, 3, acls::describe)
        .serve(ApiKeys.CREATE_ACLS, 1, 3, acls::create)
        .serve(ApiKeys.DELETE_ACLS, 1, 3, acls::delete)
        .serve(ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS, 0, 0, scram::describe)
        .serve(ApiKeys.ALTER_USER_SCRAM_CREDENTIALS, 0, 0, scram::alter)
        .serve(ApiKeys.DESCRIBE_CLIENT_QUOTAS, 0, 1, clientQuotas::describe)
        .serve(ApiKeys.ALTER_CLIENT_QUOTAS, 0, 1, clientQuotas::alter);
    TokenHandlers tokens =
        new TokenHandlers(
            cluster,
            controller,
            security.tokenSecrets(),
            listener -> config.listener(listener).protocol(),
            config.getLong(TokenKeys.MAX_LIFETIME_MS),
            config.getLong(TokenKeys.EXPIRY_TIME_MS));
    apis.serve(ApiKeys.CREATE_DELEGATION_TOKEN, 1, 3, tokens::create)
        .serve(ApiKeys.RENEW_DELEGATION_TOKEN, 1, 2, tokens::renew)
        .serve(ApiKeys.EXPIRE_DELEGATION_TOKEN, 1, 2, tokens::expire)
        .serve(ApiKeys.DESCRIBE_DELEGATION_TOKEN, 1, 3, tokens::describe);
  }
}
