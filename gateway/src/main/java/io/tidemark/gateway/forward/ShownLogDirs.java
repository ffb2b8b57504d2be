package io.tidemark.gateway.forward;

import io.tidemark.gateway.api.DescribeLogDirsHandler;
import io.tidemark.gateway.net.Request;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.Errors;

/**
 * The brokers' log directories as a gateway shows them: all of them, {@code node-1:/path}, and in
 * them the partitions that clients take the gateway for the leader of, so that who asks all
 * gateways hears of each replica once. The store is one directory, whichever broker speaks of it.
 */
final class ShownLogDirs {
  private final Routes routes;

  ShownLogDirs(Routes routes) {
    this.routes = routes;
  }

  /** Brokers may call their directories alike. */
  static void name(DescribeLogDirsResponseData answer, int nodeId) {
    answer.results().stream()
        .filter(directory -> !isStore(directory))
        .forEach(directory -> directory.setLogDir("node-" + nodeId + ":" + directory.logDir()));
  }

  /** With an error goes no directory, or clients would take those there are for all. */
  void show(Request request, DescribeLogDirsResponseData answer) {
    if (answer.errorCode() != Errors.NONE.code()) {
      answer.setResults(List.of());
      return;
    }
    Predicate<PartitionPart> isShown =
        partition -> routes.seemsToLead(partition, request.listenerName());
    Map<String, DescribeLogDirsResult> byName = new LinkedHashMap<>();
    for (DescribeLogDirsResult directory : answer.results()) {
      directory.setTopics(shown(directory.topics(), isShown));
      byName.merge(
          directory.logDir(),
          directory,
          (known, more) -> known.setTopics(SplitApi.both(known.topics(), more.topics())));
    }
    answer.setResults(List.copyOf(byName.values()));
  }

  private static List<DescribeLogDirsTopic> shown(
      List<DescribeLogDirsTopic> topics, Predicate<PartitionPart> isShown) {
    return topics.stream()
        .map(topic ->
            topic.setPartitions(
                topic.partitions().stream()
                    .filter(partition ->
                        isShown.test(PartitionPart.named(topic.name(), partition.partitionIndex())))
                    .toList()))
        .filter(topic -> !topic.partitions().isEmpty())
        .toList();
  }

  private static boolean isStore(DescribeLogDirsResult directory) {
    return directory.logDir().startsWith(DescribeLogDirsHandler.REMOTE);
  }
}
