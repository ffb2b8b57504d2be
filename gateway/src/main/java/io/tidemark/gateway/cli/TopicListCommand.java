package io.tidemark.gateway.cli;

import java.util.Comparator;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TopicListing;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "list", description = "List the topics.")
final class TopicListCommand extends NodeCommand {
  @Option(names = "--internal", description = "Internal topics too.")
  boolean internal;

  @Override
  int run(Admin admin) throws Exception {
    List<String> names =
        await(admin.listTopics(new ListTopicsOptions().listInternal(internal)).listings()).stream()
            .map(TopicListing::name)
            .toList();
    Result result = new Result("topic", "partitions", "replication factor", "id");
    await(admin.describeTopics(names).allTopicNames()).values().stream()
        .sorted(Comparator.comparing(TopicDescription::name))
        .forEach(topic ->
            result.add(
                topic.name(),
                topic.partitions().size(),
                replicas(topic),
                topic.topicId().toString()));
    print(result);
    return ExitCode.DONE;
  }

  private static int replicas(TopicDescription topic) {
    return topic.partitions().isEmpty() ? 0 : topic.partitions().getFirst().replicas().size();
  }
}
