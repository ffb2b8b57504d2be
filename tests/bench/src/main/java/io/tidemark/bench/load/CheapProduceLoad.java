package io.tidemark.bench.load;

import io.tidemark.bench.client.ProduceLoad;
import io.tidemark.bench.client.Topic;
import io.tidemark.bench.measure.Load;
import io.tidemark.bench.measure.Work;
import java.time.Duration;
import java.util.Map;

/**
 * The cheap client as a producer. Each pass writes a topic of its own for a fixed time, the topic
 * before it being deleted, so that disk and page cache stay small.
 */
public final class CheapProduceLoad implements Load {
  private final Topics topics;
  private final String bootstrap;
  private final int partitions;
  private final ProduceLoad.Settings settings;
  private final Duration duration;
  private int pass;
  private ProduceLoad load;

  public CheapProduceLoad(
      String bootstrap, int partitions, ProduceLoad.Settings settings, Duration duration)
      throws Exception {
    this.topics = new Topics(bootstrap);
    this.bootstrap = bootstrap;
    this.partitions = partitions;
    this.settings = settings;
    this.duration = duration;
    this.load = onNewTopic();
  }

  @Override
  public void prepare() throws Exception {
    topics.delete(topic());
    pass++;
    load = onNewTopic();
  }

  @Override
  public Work pass() throws Exception {
    var done = load.run(duration.toMillis() / 1e3);
    long bytes = done.records() * settings.recordBytes();
    return Work.records(done.records(), bytes).withUnits(done.requests());
  }

  @Override
  public void close() {
    topics.close();
  }

  private ProduceLoad onNewTopic() throws Exception {
    topics.create(topic(), partitions, Map.of());
    Topic topic = Topic.findOrCreate(Addresses.of(bootstrap), topic(), partitions);
    return new ProduceLoad(topic, settings);
  }

  private String topic() {
    return "produced-" + pass;
  }
}
