package io.tidemark.gateway.cli;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "add-partitions",
    description =
        "Raise a topic's number of partitions. Keys map to other partitions from then on.")
final class TopicAddPartitionsCommand extends NodeCommand {
  @Parameters(paramLabel = "TOPIC", description = "The topic's name.")
  String topic = "";

  @Option(
      names = "--total",
      paramLabel = "N",
      required = true,
      description = "How many partitions there shall be in all.")
  int total;

  @Override
  int run(Admin admin) throws Exception {
    await(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(total))).all());
    say("altered", "topic %s has %d partitions".formatted(topic, total));
    return ExitCode.DONE;
  }
}
