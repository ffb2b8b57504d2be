package io.tidemark.gateway.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "consume", description = "Print the records of a topic, hot or cold.")
final class ConsumeCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(250);

  @Mixin ClientOptions client = new ClientOptions();

  @Parameters(paramLabel = "TOPIC", description = "The topic to read.")
  String topic = "";

  @Option(
      names = "--from",
      paramLabel = "POSITION",
      description =
          "beginning, end, an offset, or @time (ISO 8601 or milliseconds). Default: end; with"
              + " --group the group's committed offsets.")
  @Nullable String from;

  @Option(names = "--partition", paramLabel = "N", description = "Only this partition.")
  @Nullable Integer partition;

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      description = "Read as a member of this group and commit its offsets.")
  @Nullable String group;

  @Option(
      names = "--format",
      paramLabel = "PATTERN",
      description =
          "%%t topic, %%p partition, %%o offset, %%T timestamp, %%k key, %%v value, %%h headers,"
              + " \\n, \\t (default: the value and a line feed).")
  @Nullable String format;

  @Option(names = "--headers", description = "Print headers before the value.")
  boolean headers;

  @Option(names = "--max-messages", paramLabel = "N", description = "Stop after so many records.")
  long maxMessages = Long.MAX_VALUE;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "Stop when no record came for so long (default: wait for ever).")
  @Nullable Double timeoutSeconds;

  @Mixin HelpOption help = new HelpOption();

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    RecordFormat pattern = pattern();
    StartPosition start = from == null ? null : StartPosition.parse(from);
    client.requireListener();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            properties(start), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      if (group == null) {
        List<TopicPartition> partitions = partitions(consumer);
        consumer.assign(partitions);
        (start == null ? new StartPosition.End() : start).seek(consumer, partitions);
      } else {
        consumer.subscribe(List.of(topic), new SeekOnce(consumer, start));
      }
      print(consumer, pattern);
    }
    return ExitCode.DONE;
  }

  private RecordFormat pattern() {
    if (client.output.format == OutputFormat.json) {
      if (format != null) {
        throw CommandFailure.usage("--format and --output json exclude each other");
      }
      return RecordFormat.json();
    }
    return RecordFormat.parse(format == null ? defaultFormat() : format);
  }

  private String defaultFormat() {
    return headers ? "%h\\t%v\\n" : "%v\\n";
  }

  private Properties properties(@Nullable StartPosition start) {
    if (group != null && partition != null) {
      throw CommandFailure.usage("--group and --partition exclude each other");
    }
    Properties properties = client.properties();
    if (group != null) {
      properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    }
    properties.putIfAbsent(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.putIfAbsent(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    properties.putIfAbsent(
        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
        start == null || start instanceof StartPosition.End ? "latest" : "earliest");
    return properties;
  }

  private List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer) {
    List<PartitionInfo> infos = consumer.partitionsFor(topic);
    List<TopicPartition> found =
        infos.stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .filter(candidate -> partition == null || candidate.partition() == partition)
            .toList();
    if (found.isEmpty()) {
      throw CommandFailure.refused(
          partition == null
              ? "topic " + topic + " does not exist; 'tidemark topic list' shows those there are"
              : "topic %s has no partition %d, it has %d"
                  .formatted(topic, partition, infos.size()));
    }
    return found;
  }

  /** Until enough is printed, nothing comes for too long, or nobody reads the output any more. */
  private void print(Consumer<byte[], byte[]> consumer, RecordFormat pattern) {
    PrintWriter out = spec.commandLine().getOut();
    Time time = Time.SYSTEM;
    long timeoutMs = timeoutSeconds == null ? Long.MAX_VALUE : (long) (timeoutSeconds * 1_000);
    long lastMs = time.hiResClockMs();
    long printed = 0;
    while (printed < maxMessages && time.hiResClockMs() - lastMs < timeoutMs) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      Map<TopicPartition, Long> next = new HashMap<>();
      for (ConsumerRecord<byte[], byte[]> record : records) {
        if (printed == maxMessages) {
          break;
        }
        out.print(pattern.format(record));
        next.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
        printed++;
      }
      if (out.checkError()) {
        return;
      }
      if (!next.isEmpty()) {
        lastMs = time.hiResClockMs();
        commit(consumer, next);
      }
    }
  }

  /** Commits just what was printed, so that a record never counts as read before it was shown. */
  private void commit(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> next) {
    if (group != null) {
      Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
      next.forEach((key, offset) -> offsets.put(key, new OffsetAndMetadata(offset)));
      consumer.commitSync(offsets);
    }
  }
}
