package io.tidemark.log.disk;

import java.io.Closeable;
import java.io.IOException;

/** A folder held by this process until closed, or until the process dies. */
public interface DirectoryLock extends Closeable {
  @Override
  void close() throws IOException;
}
