package io.tidemark.gateway.net;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A connection's requests that wait for their answers, in order, and what may be taken up behind
 * them: another Produce behind Produces whose appends are queued, up to 16 requests and 8 MiB
 * together; anything else behind nothing. Used by the connection's loop alone.
 */
final class Unanswered {
  private static final int MAX_REQUESTS = 16;
  private static final int MAX_BYTES = 8 << 20;

  private final Deque<Exchange> exchanges = new ArrayDeque<>();
  private int bytes;

  void add(Exchange exchange) {
    exchanges.add(exchange);
    bytes += exchange.sizeBytes();
  }

  /** The oldest one if it is answered, taken out; null otherwise. */
  @Nullable Exchange takeAnswered() {
    Exchange first = exchanges.peek();
    if (first == null || first.answer() == null) {
      return null;
    }
    exchanges.remove();
    bytes -= first.sizeBytes();
    return first;
  }

  boolean isEmpty() {
    return exchanges.isEmpty();
  }

  /** Whether a Produce may be taken up now; other requests need {@link #isEmpty} besides. */
  boolean letsProducePass() {
    Exchange last = exchanges.peekLast();
    return last == null
        || (last.letsProducePass() && exchanges.size() < MAX_REQUESTS && bytes < MAX_BYTES);
  }

  /** The connection is gone: nobody will read the answers. */
  void discardAll() {
    exchanges.forEach(Exchange::discard);
    exchanges.clear();
    bytes = 0;
  }
}
