package io.tidemark.bench.server;

/** Who is measured: one of the two columns of a case. */
public enum Side {
  KAFKA("Kafka"),
  TIDEMARK("Tidemark"),
  /** Tidemark as the yardstick of itself: what it serves from its own disk. */
  TIDEMARK_HOT("Tidemark, hot"),
  /** Tidemark with an object store over HTTP. */
  TIDEMARK_S3("Tidemark, S3");

  private final String title;

  Side(String title) {
    this.title = title;
  }

  public String title() {
    return title;
  }
}
