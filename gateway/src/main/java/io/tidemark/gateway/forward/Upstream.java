package io.tidemark.gateway.forward;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.peer.PeerTransport;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client connection's connection to one node.
 *
 * <pre>
 *   connecting ── opened ──▶ open: requests out, answers in, both in order ──▶ ended
 *       │  requests wait                                                         ▲
 *       └────────────── closed, or given up: they were not sent ─────────────────┘
 * </pre>
 *
 * How much may wait or be unanswered is what the client's own connection allows. An ended one is
 * not used again. Everything but the transport's calls happens on the client connection's loop.
 */
final class Upstream implements PeerTransport.Listener {

  private record Call(InnerRequest request, Consumer<Reply> receiver) {}

  private record SentCall(int correlationId, Call call) {}

  private final HostPort address;
  private final String clientId;
  private final Executor loop;
  private final Distrust distrust;
  private final Runnable atEnd;
  private final Deque<Call> waiting = new ArrayDeque<>();
  private final Deque<SentCall> sent = new ArrayDeque<>();
  private PeerTransport.@Nullable Wire wire;
  private int nextCorrelationId;
  private boolean hasEnded;

  /**
   * @param loop the client connection's
   * @param distrust hears whether the node is trusted
   * @param atEnd called once, on the loop
   */
  Upstream(HostPort address, String clientId, Executor loop, Distrust distrust, Runnable atEnd) {
    this.address = address;
    this.clientId = clientId;
    this.loop = loop;
    this.distrust = distrust;
    this.atEnd = atEnd;
  }

  HostPort address() {
    return address;
  }

  /** Sends it behind what was sent before; the receiver hears once, on the loop. */
  void send(InnerRequest request, Consumer<Reply> receiver) {
    Call call = new Call(request, receiver);
    PeerTransport.Wire open = wire;
    if (hasEnded) {
      receiver.accept(new Reply.NotSent("the connection to " + address + " has ended"));
    } else if (open == null) {
      waiting.add(call);
    } else {
      transmit(call, open);
    }
  }

  private void transmit(Call call, PeerTransport.Wire open) {
    int correlationId = nextCorrelationId++;
    sent.add(new SentCall(correlationId, call));
    open.send(call.request.envelope(correlationId, clientId));
  }

  @Override
  public void opened(PeerTransport.Wire opened) {
    distrust.over(address);
    inTurn(() -> {
      if (hasEnded) {
        opened.close();
        return;
      }
      wire = opened;
      while (!waiting.isEmpty()) {
        transmit(waiting.remove(), opened);
      }
    });
  }

  @Override
  public void received(ByteBuffer frame) {
    inTurn(() -> {
      if (!hasEnded) {
        receive(frame);
      }
    });
  }

  private void receive(ByteBuffer frame) {
    SentCall first = sent.peek();
    if (first == null || first.correlationId != InnerRequest.correlationId(frame)) {
      end("it answered what nobody asked");
      return;
    }
    Reply reply;
    try {
      reply = first.call.request.decode(frame);
    } catch (RuntimeException e) {
      end("it answered nonsense: " + e);
      return;
    }
    sent.remove();
    first.call.receiver.accept(reply);
  }

  @Override
  public void distrusted(String why) {
    distrust.tell(address, why);
    closed(why);
  }

  @Override
  public void closed(String why) {
    inTurn(() -> end(why));
  }

  /** Ends it; what waits was not sent, what was sent is lost. */
  void end(String why) {
    if (hasEnded) {
      return;
    }
    hasEnded = true;
    PeerTransport.Wire open = wire;
    if (open != null) {
      open.close();
    }
    List<SentCall> unanswered = new ArrayList<>(sent);
    List<Call> unsent = new ArrayList<>(waiting);
    sent.clear();
    waiting.clear();
    atEnd.run();
    String reason = address + ": " + why;
    unanswered.forEach(each -> each.call.receiver.accept(new Reply.Lost(reason)));
    unsent.forEach(each -> each.receiver.accept(new Reply.NotSent(reason)));
  }

  private void inTurn(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // the client's loop has ended: the node stops
    }
  }
}
