package io.tidemark.gateway.cli;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DeleteRecordsResult;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "delete-records",
    description = "Delete the records of partitions below an offset, in the object store too.")
final class TopicDeleteRecordsCommand extends NodeCommand {
  @Parameters(paramLabel = "TOPIC", description = "The topic's name.")
  String topic = "";

  @Option(
      names = "--before",
      paramLabel = "PARTITION=OFFSET",
      required = true,
      description = "The first offset to keep, -1 for none at all; may be repeated.")
  Map<Integer, Long> before = Map.of();

  @Override
  int run(Admin admin) throws Exception {
    Map<TopicPartition, RecordsToDelete> wanted = new java.util.HashMap<>();
    before.forEach((partition, offset) ->
        wanted.put(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset)));
    DeleteRecordsResult deleted = admin.deleteRecords(wanted);
    await(deleted.all());
    Result result = new Result("topic", "partition", "log start");
    for (int partition : new TreeMap<>(before).keySet()) {
      result.add(
          topic,
          partition,
          await(deleted.lowWatermarks().get(new TopicPartition(topic, partition))).lowWatermark());
    }
    print(result);
    return ExitCode.DONE;
  }
}
