package io.tidemark.gateway.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "produce",
    description = "Send each line of the standard input, or of a file, as a record.")
final class ProduceCommand implements Callable<Integer> {
  @Mixin ClientOptions client = new ClientOptions();

  @Parameters(paramLabel = "TOPIC", description = "The topic to produce to.")
  String topic = "";

  @Option(names = "--file", paramLabel = "FILE", description = "Reads this file instead.")
  @Nullable Path file;

  @Option(
      names = "--key-separator",
      paramLabel = "TEXT",
      description = "What stands before it in a line is the key; a line without it has no key.")
  @Nullable String keySeparator;

  @Option(
      names = "--header",
      paramLabel = "KEY=VALUE",
      description = "A header for every record; may be repeated.")
  List<String> headers = new ArrayList<>();

  @Option(
      names = "--compression",
      paramLabel = "none|gzip|snappy|lz4|zstd",
      defaultValue = "none",
      description = "How batches are compressed (default: ${DEFAULT-VALUE}).")
  String compression = "none";

  @Option(names = "--partition", paramLabel = "N", description = "Always this partition.")
  @Nullable Integer partition;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "At most so many records a second (default: no limit).")
  @Nullable Double rate;

  @Mixin HelpOption help = new HelpOption();

  @Spec CommandSpec spec = CommandSpec.create();

  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private final AtomicLong acknowledged = new AtomicLong();

  @Override
  public Integer call() throws Exception {
    List<Header> recordHeaders = recordHeaders();
    Properties properties = client.properties();
    properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, compression);
    properties.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "30000");
    properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, "20000");
    client.requireListener();
    try (BufferedReader lines = reader();
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      requirePartition(producer);
      Pace pace = Pace.of(rate, Time.SYSTEM);
      String line = lines.readLine();
      while (line != null && failure.get() == null) {
        pace.awaitTurn();
        send(producer, record(line, recordHeaders));
        line = lines.readLine();
      }
      producer.flush();
    }
    Exception failed = failure.get();
    if (failed != null) {
      throw CommandFailure.refused(
          "%s; %d records were acknowledged before"
              .formatted(FailureReport.of(failed).getMessage(), acknowledged.get()));
    }
    report();
    return ExitCode.DONE;
  }

  private void report() {
    switch (client.output.format) {
      case table ->
          spec.commandLine()
              .getErr()
              .println("produced " + acknowledged.get() + " records to " + topic);
      case json -> {
        Result result = new Result("topic", "records");
        result.add(topic, acknowledged.get());
        result.print(spec.commandLine().getOut(), OutputFormat.json);
      }
    }
  }

  /** The producer itself would wait long for a partition that is not there. */
  private void requirePartition(KafkaProducer<byte[], byte[]> producer) {
    Integer wanted = partition;
    if (wanted == null) {
      return;
    }
    int count = producer.partitionsFor(topic).size();
    if (wanted < 0 || wanted >= count) {
      throw CommandFailure.refused(
          "topic %s has no partition %d, it has %d".formatted(topic, wanted, count));
    }
  }

  private void send(KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
    producer.send(
        record,
        (metadata, thrown) -> {
          if (thrown == null) {
            acknowledged.incrementAndGet();
          } else {
            failure.compareAndSet(null, thrown);
          }
        });
  }

  private ProducerRecord<byte[], byte[]> record(String line, List<Header> recordHeaders) {
    byte @Nullable [] key = null;
    String value = line;
    String separator = keySeparator;
    int at = separator == null || separator.isEmpty() ? -1 : line.indexOf(separator);
    if (separator != null && at >= 0) {
      key = line.substring(0, at).getBytes(StandardCharsets.UTF_8);
      value = line.substring(at + separator.length());
    }
    return new ProducerRecord<>(
        topic, partition, null, key, value.getBytes(StandardCharsets.UTF_8), recordHeaders);
  }

  private List<Header> recordHeaders() {
    List<Header> parsed = new ArrayList<>();
    for (String header : headers) {
      KeyValues.parse("--header", List.of(header))
          .forEach((key, value) ->
              parsed.add(new RecordHeader(key, value.getBytes(StandardCharsets.UTF_8))));
    }
    return parsed;
  }

  private BufferedReader reader() {
    try {
      Path path = file;
      InputStream in = path == null ? System.in : Files.newInputStream(path);
      return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw CommandFailure.usage("cannot read --file " + file + ": " + e.getMessage());
    }
  }
}
