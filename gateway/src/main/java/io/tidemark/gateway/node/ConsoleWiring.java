package io.tidemark.gateway.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.config.ConsoleKeys;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.config.QuorumVoter;
import io.tidemark.gateway.console.ClusterEvents;
import io.tidemark.gateway.console.Console;
import io.tidemark.gateway.console.NodeAnswers;
import io.tidemark.gateway.console.Prices;
import io.tidemark.gateway.http.Routes;
import io.tidemark.gateway.transaction.OtherNodes;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.utils.Time;

/** The console of a node that serves clients. */
final class ConsoleWiring {
  /** How long another node's answer is waited for. */
  private static final long NODES_TIMEOUT_MS = 2_000;

  private final NodeConfig config;
  private final Time time;
  private final MeterRegistry meters;

  ConsoleWiring(NodeConfig config, Time time, MeterRegistry meters) {
    this.config = config;
    this.time = time;
    this.meters = meters;
  }

  void addTo(Routes routes, NodeCore core) {
    ClusterEvents events = new ClusterEvents(time);
    core.metadata().follower().listen(events);
    Prices prices =
        new Prices(
            config.getDouble(ConsoleKeys.PRICE_STORAGE),
            config.getDouble(ConsoleKeys.PRICE_WRITES),
            config.getDouble(ConsoleKeys.PRICE_READS),
            config.getString(ConsoleKeys.PRICE_CURRENCY));
    new Console(prices, config.quorumVoters().stream().map(QuorumVoter::id).toList(), time, meters)
        .addTo(
            routes,
            new Console.Shown(
                core.cluster(),
                core.replicas(),
                core.tiering(),
                core.coldTier()::manifest,
                answers(core),
                events));
  }

  private NodeAnswers answers(NodeCore core) {
    OwnAnswers own = new OwnAnswers(core.coordinators().groups(), core.replicas(), core.tiering());
    OtherNodes others =
        new OtherNodes(
            config.nodeId(),
            core.metadata().peers(),
            core.metadata()::replicationAddress,
            "console",
            NODES_TIMEOUT_MS);
    return (node, key, request) ->
        others.isSelf(node)
            ? own.answer(key, request).thenApply(answer -> answer)
            : others.send(node, key, request).thenApply(AbstractResponse::data);
  }
}
