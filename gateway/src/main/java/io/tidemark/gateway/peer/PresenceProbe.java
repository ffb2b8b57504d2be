package io.tidemark.gateway.peer;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** A connection that is opened only to see whether it can be. Any thread. */
final class PresenceProbe implements PeerTransport.Listener {
  final CompletableFuture<Presence> found = new CompletableFuture<>();

  @Override
  public void opened(PeerTransport.Wire wire) {
    found.complete(Presence.THERE);
    wire.close();
  }

  @Override
  public void received(ByteBuffer frame) {
    // nothing was asked
  }

  @Override
  public void refused(String why) {
    found.complete(Presence.REFUSES);
  }

  @Override
  public void closed(String why) {
    found.complete(Presence.UNKNOWN);
  }
}
