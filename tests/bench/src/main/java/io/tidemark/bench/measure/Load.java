package io.tidemark.bench.measure;

/** Work on one server that can be done again and again. Used by one thread, closed by it. */
public interface Load extends AutoCloseable {
  /** Gets ready for the next pass; not measured. */
  default void prepare() throws Exception {}

  /** Does the work once, and returns when the server has done all of it. */
  Work pass() throws Exception;

  @Override
  void close();
}
