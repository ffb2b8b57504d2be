package io.tidemark.log.record;

/** Batches on their way to a client, wherever their bytes lie: memory, a file, several of them. */
public interface RecordsPayload {
  int sizeBytes();
}
