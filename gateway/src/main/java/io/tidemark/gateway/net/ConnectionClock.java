package io.tidemark.gateway.net;

import io.netty.channel.ChannelOutboundBuffer;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * When things last moved on a connection, for {@link Patience} to judge. Used by the connection's
 * loop alone; monotonic nanoseconds.
 */
final class ConnectionClock {
  private final Time time;
  private long receivedNs;
  private long activeNs; // last receipt or answer
  private long frameNs; // when the unfinished request began, less the time it was not read
  private boolean isInFrame;
  private long pausedNs; // when reading stopped, while it is stopped
  private boolean isPaused;

  private long pendingBytes; // what the client had still to take at the last look
  private long pendingProgress;
  private long movedNs;

  ConnectionClock(Time time) {
    this.time = time;
    this.receivedNs = time.nanoseconds();
    this.activeNs = receivedNs;
    this.movedNs = receivedNs;
  }

  void received() {
    receivedNs = time.nanoseconds();
    activeNs = receivedNs;
  }

  /** When bytes last arrived. */
  long receivedNs() {
    return receivedNs;
  }

  /** When bytes last arrived or an answer left. */
  long activeNs() {
    return activeNs;
  }

  void wrote(long nowNs) {
    activeNs = nowNs;
  }

  /** After a turn: whether a request is unfinished, and whether one was taken before it. */
  void turned(boolean nowInFrame, boolean tookRequest) {
    if (nowInFrame && (!isInFrame || tookRequest)) {
      frameNs = receivedNs;
    }
    isInFrame = nowInFrame;
  }

  /** Reading stopped or went on; the client is not blamed for what we did not read. */
  void reading(boolean reads) {
    long nowNs = time.nanoseconds();
    if (reads && isPaused) {
      frameNs += nowNs - pausedNs;
    }
    isPaused = !reads;
    pausedNs = nowNs;
  }

  /** What patience says now. */
  @Nullable CloseReason verdict(
      Patience patience,
      @Nullable ChannelOutboundBuffer out,
      boolean owesAnswers,
      boolean isReading,
      int arrivedBytes) {
    long nowNs = time.nanoseconds();
    boolean isSending = isSending(out, nowNs);
    long silentNs = owesAnswers || isSending || isPaused ? 0 : nowNs - activeNs;
    long receivingNs = isInFrame && isReading ? nowNs - frameNs : Patience.NOT_SO;
    long stuckNs = isSending ? nowNs - movedNs : Patience.NOT_SO;
    return patience.verdict(silentNs, receivingNs, arrivedBytes, stuckNs);
  }

  private boolean isSending(@Nullable ChannelOutboundBuffer out, long nowNs) {
    long pending = out == null ? 0 : out.totalPendingWriteBytes();
    long progress = out == null ? 0 : out.currentProgress();
    if (pending == 0 || pending != pendingBytes || progress != pendingProgress) {
      movedNs = nowNs;
    }
    pendingBytes = pending;
    pendingProgress = progress;
    return pending > 0;
  }
}
