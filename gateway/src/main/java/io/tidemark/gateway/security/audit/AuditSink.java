package io.tidemark.gateway.security.audit;

/** Where lines of the audit log end up. Called by one thread, which may wait. */
public interface AuditSink extends AutoCloseable {

  /** Writes one line, without its end; false where it could not be written. */
  boolean write(String line);

  @Override
  void close();
}
