package io.tidemark.gateway.net;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One request's bytes without their length field, and the budget they count against. Starts with
 * one reference, the connection's; when the last is released the memory goes back to the pool and
 * the budget. Safe from any thread.
 */
final class Frame {
  private final ByteBuf bytes;
  private final FrameBudget budget;
  private final int reservedBytes;
  private final FrameBudget.Waiter owner;
  private final boolean isPrivileged;
  private final AtomicInteger references = new AtomicInteger(1);

  Frame(ByteBuf bytes, FrameBudget budget, int reservedBytes, FrameBudget.Waiter owner) {
    this.bytes = bytes;
    this.budget = budget;
    this.reservedBytes = reservedBytes;
    this.owner = owner;
    this.isPrivileged = budget.isPrivileged(owner);
  }

  int sizeBytes() {
    return bytes.readableBytes();
  }

  /** A view, not a copy. */
  ByteBuffer buffer() {
    return bytes.nioBuffer();
  }

  void retain() {
    int before = references.getAndIncrement();
    if (before <= 0) {
      references.getAndDecrement();
      throw new IllegalStateException("frame retained after its release");
    }
  }

  void release() {
    int after = references.decrementAndGet();
    if (after < 0) {
      throw new IllegalStateException("frame released " + (1 - after) + " times");
    }
    if (after == 0) {
      free();
    }
  }

  private void free() {
    bytes.release();
    budget.release(reservedBytes);
    if (isPrivileged) {
      budget.endPrivilege(owner);
    }
  }
}
