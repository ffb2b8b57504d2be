package io.tidemark.bench.client;

import java.io.IOException;

/**
 * The load clients as commands. Each prints one line: what went through, in how long.
 *
 * <pre>
 *   produce   --bootstrap host:port --topic t --partitions 6 --seconds 10 --connections 1 --window 5 --record-bytes 1024
 *             --batch-bytes 65536 --batches-per-request 1 --rate 0 --acks -1 --compression none
 *   catch-up  --bootstrap host:port --topic t --connections 1 --seconds 0 (once) --max-bytes … --partition-max-bytes …
 *   tail      --bootstrap host:port --topic t --connections 1 --seconds 10 --min-bytes 1 --max-wait-ms 500
 * </pre>
 */
public final class LoadClient {
  private LoadClient() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length == 0) {
      throw new IllegalArgumentException("produce, catch-up or tail?");
    }
    Options options = Options.of(arguments, 1);
    Topic topic =
        Topic.findOrCreate(
            options.address("bootstrap", "127.0.0.1:9092"),
            options.text("topic", "load"),
            options.number("partitions", 6));
    System.out.println(run(arguments[0], topic, options));
  }

  private static Load run(String command, Topic topic, Options options) throws IOException {
    return switch (command) {
      case "produce" -> produce(topic, options);
      case "catch-up" -> catchUp(topic, options);
      case "tail" -> tail(topic, options);
      default -> throw new IllegalArgumentException("Unknown command " + command);
    };
  }

  private static Load produce(Topic topic, Options options) throws IOException {
    ProduceLoad.Settings settings =
        new ProduceLoad.Settings(
            options.number("connections", 1),
            options.number("window", 5),
            options.number("record-bytes", 1024),
            options.number("batch-bytes", 64 << 10),
            options.number("batches-per-request", 1),
            options.number("rate", 0),
            options.number("acks", -1),
            options.text("compression", "none"));
    int seconds = options.number("seconds", 10);
    options.refuseOthers();
    return new ProduceLoad(topic, settings).run(seconds);
  }

  private static Load catchUp(Topic topic, Options options) throws IOException {
    int seconds = options.number("seconds", 0);
    FetchLoad load = new FetchLoad(topic, fetch(options, true));
    options.refuseOthers();
    return seconds == 0 ? load.catchUp() : load.catchUpFor(seconds);
  }

  private static Load tail(Topic topic, Options options) throws IOException {
    int seconds = options.number("seconds", 10);
    FetchLoad load = new FetchLoad(topic, fetch(options, false));
    options.refuseOthers();
    return load.tail(seconds);
  }

  private static FetchLoad.Settings fetch(Options options, boolean isShared) {
    return new FetchLoad.Settings(
        options.number("connections", 1),
        isShared,
        options.number("min-bytes", 1),
        options.number("max-wait-ms", 500),
        options.number("max-bytes", 50 << 20),
        options.number("partition-max-bytes", 1 << 20));
  }
}
