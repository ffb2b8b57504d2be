package io.tidemark.gateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "create", description = "Create a topic.")
final class TopicCreateCommand extends NodeCommand {
  @Parameters(paramLabel = "TOPIC", description = "The topic's name.")
  String topic = "";

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "How many partitions (default: the node's num.partitions).")
  @Nullable Integer partitions;

  @Option(
      names = "--replication-factor",
      paramLabel = "N",
      description = "How many replicas of each partition (default: the node's).")
  @Nullable Short replicationFactor;

  @Option(
      names = "--config",
      paramLabel = "KEY=VALUE",
      description = "A topic setting, such as retention.ms=86400000; may be repeated.")
  List<String> configs = new ArrayList<>();

  @Option(names = "--if-not-exists", description = "Do nothing where the topic exists.")
  boolean ifNotExists;

  @Option(names = "--validate-only", description = "Check whether it could be created, no more.")
  boolean validateOnly;

  @Override
  int run(Admin admin) throws Exception {
    NewTopic wanted =
        new NewTopic(topic, Optional.ofNullable(partitions), Optional.ofNullable(replicationFactor))
            .configs(KeyValues.parse("--config", configs));
    CreateTopicsResult created =
        admin.createTopics(List.of(wanted), new CreateTopicsOptions().validateOnly(validateOnly));
    try {
      int count = await(created.numPartitions(topic));
      short replicas = (short) (int) await(created.replicationFactor(topic));
      String verb = validateOnly ? "could be created" : "created";
      say(
          validateOnly ? "valid" : "created",
          "topic %s %s: %d partitions, replication factor %d"
              .formatted(topic, verb, count, replicas));
      return ExitCode.DONE;
    } catch (ExecutionException e) {
      if (ifNotExists && e.getCause() instanceof TopicExistsException) {
        say("exists", "topic " + topic + " exists already");
        return ExitCode.DONE;
      }
      throw e;
    }
  }
}
