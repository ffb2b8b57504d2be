package io.tidemark.bench.load;

import io.tidemark.bench.client.FetchLoad;
import io.tidemark.bench.client.Topic;
import io.tidemark.bench.measure.Load;
import io.tidemark.bench.measure.Work;

/** The cheap client as a consumer that reads a whole topic of 1 KiB values, again in each pass. */
public final class CheapReadLoad implements Load {
  private static final FetchLoad.Settings AS_THE_JAVA_CONSUMER =
      new FetchLoad.Settings(1, true, 1, 500, 50 << 20, 1 << 20);

  private final FetchLoad load;

  public CheapReadLoad(String bootstrap, String topic, int partitions) throws Exception {
    this.load =
        new FetchLoad(
            Topic.findOrCreate(Addresses.of(bootstrap), topic, partitions), AS_THE_JAVA_CONSUMER);
  }

  @Override
  public Work pass() throws Exception {
    var done = load.catchUp();
    return Work.records(done.records(), done.records() * Filling.VALUE_BYTES);
  }

  @Override
  public void close() {}
}
