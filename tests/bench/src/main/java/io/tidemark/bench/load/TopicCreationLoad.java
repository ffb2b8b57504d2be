package io.tidemark.bench.load;

import io.tidemark.bench.measure.Load;
import io.tidemark.bench.measure.Work;

/** Creates topics of one partition, each when the one before it is there. */
public final class TopicCreationLoad implements Load {
  private final Topics topics;
  private final int topicsPerPass;
  private int created;

  public TopicCreationLoad(String bootstrap, int topicsPerPass) {
    this.topics = new Topics(bootstrap);
    this.topicsPerPass = topicsPerPass;
  }

  @Override
  public Work pass() throws Exception {
    for (int i = 0; i < topicsPerPass; i++) {
      topics.createOnly("created-" + created++, 1);
    }
    return Work.units(topicsPerPass);
  }

  @Override
  public void close() {
    topics.close();
  }
}
