package io.tidemark.log.replica;

import java.nio.file.Path;
import java.util.List;

/** Wants to know when a log directory has failed or stalled and its replicas cannot serve. */
@FunctionalInterface
public interface DirectoryFailureListener {
  void failed(Path directory, String reason, List<Replica> replicas);
}
