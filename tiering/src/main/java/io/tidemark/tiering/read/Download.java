package io.tidemark.tiering.read;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A chunk on its way. Its fields belong to the {@link ChunkCache}, under its lock. */
final class Download {
  final ChunkRequest request;
  final Object reader;

  /** Whose reader it was when the download was asked for. */
  final Object client;

  final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

  /** Whether somebody waits for it; read ahead otherwise. */
  boolean isDemanded;

  boolean isRunning;

  Download(ChunkRequest request, Object reader, Object client, boolean isDemanded) {
    this.request = request;
    this.reader = reader;
    this.client = client;
    this.isDemanded = isDemanded;
  }
}
