package io.tidemark.gateway.net;

import io.tidemark.gateway.security.acl.Access;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.jspecify.annotations.Nullable;

/**
 * One request and the place of its answer in its connection's order. Made and taken out by the
 * connection's loop; answered from any thread, once.
 */
final class Exchange implements Request, Responder {
  private static final Answer NOTHING = new Answer.Nothing();
  private static final Answer DISCARDED = new Answer.Discarded();

  private final Connection connection;
  private final RequestHeader header;
  private final AbstractRequest body;
  private final Frame frame;
  private final boolean overlaps;
  private final int sizeBytes;
  private final long arrivedNs;
  private final Access access;
  private final AtomicReference<@Nullable Answer> answer = new AtomicReference<>();
  private long busyNs; // the loop's alone
  private volatile boolean isAppended; // because any thread says so and the loop reads it

  /**
   * @param overlaps whether it is a Produce, also one in an envelope
   */
  Exchange(
      Connection connection,
      Decoded.Understood decoded,
      Frame frame,
      boolean overlaps,
      long arrivedNs,
      Access access) {
    this.connection = connection;
    this.header = decoded.header();
    this.body = decoded.body();
    this.frame = frame;
    this.overlaps = overlaps;
    this.sizeBytes = frame.sizeBytes();
    this.arrivedNs = arrivedNs;
    this.access = access;
  }

  @Override
  public RequestHeader header() {
    return header;
  }

  @Override
  public AbstractRequest body() {
    return body;
  }

  @Override
  public int sizeBytes() {
    return sizeBytes;
  }

  @Override
  public long arrivedNs() {
    return arrivedNs;
  }

  @Override
  public void retain() {
    frame.retain();
  }

  @Override
  public void release() {
    frame.release();
  }

  @Override
  public ClientConnection connection() {
    return connection;
  }

  @Override
  public Access access() {
    return access;
  }

  @Override
  public void respond(ApiMessage message) {
    if (!complete(new Answer.Body(message))) {
      ResponseSlices.release(message);
    }
  }

  @Override
  public void noResponse() {
    complete(NOTHING);
  }

  @Override
  public void close(String why) {
    complete(new Answer.Close(why));
  }

  private boolean complete(Answer given) {
    if (!answer.compareAndSet(null, given)) {
      return false;
    }
    connection.wake();
    return true;
  }

  @Override
  public void appended() {
    if (!isAppended) {
      isAppended = true;
      connection.wake();
    }
  }

  /** The loop was busy with it for so long. */
  void busy(long durationNs) {
    busyNs += durationNs;
  }

  long busyNs() {
    return busyNs;
  }

  @Nullable Answer answer() {
    return answer.get();
  }

  /** Whether the next Produce of the connection may be taken up behind this request. */
  boolean letsProducePass() {
    return overlaps && (isAppended || answer.get() != null);
  }

  /** The connection has closed: an answer that is there is given back, a later one refused. */
  void discard() {
    if (answer.getAndSet(DISCARDED) instanceof Answer.Body given) {
      ResponseSlices.release(given.message());
    }
  }
}
