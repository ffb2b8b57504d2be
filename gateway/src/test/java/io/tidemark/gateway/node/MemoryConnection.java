package io.tidemark.gateway.node;

import io.tidemark.gateway.net.ClientConnection;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.gateway.security.acl.Access;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of a connection without a socket. It keeps the promises of a real one: requests
 * are taken up in order, only Produce overlaps, answers leave in the order of their requests, and
 * what is not served at the listener ends the connection. Its state is the loop's.
 */
public final class MemoryConnection implements ClientConnection {
  private static final int MAX_OVERLAPPING = 16;

  /** The other end. Called on the loop. */
  public interface Client {
    /** Who it is, for logs. */
    String name();

    void answered(ByteBuffer frame);

    /** The server has ended the connection. */
    void closed(String why);
  }

  private final String listener;
  private final LateApis apis;
  private final ScheduledExecutorService loop;
  private final Client client;
  private final Deque<ByteBuffer> frames = new ArrayDeque<>();
  private final Deque<Exchange> unanswered = new ArrayDeque<>();
  private final List<Runnable> closeActions = new ArrayList<>();
  private boolean isOpen = true;

  MemoryConnection(String listener, LateApis apis, ScheduledExecutorService loop, Client client) {
    this.listener = listener;
    this.apis = apis;
    this.loop = loop;
    this.client = client;
  }

  /** A whole request has arrived, without its size. */
  public void received(ByteBuffer frame) {
    loop.execute(() -> {
      frames.add(frame);
      turn();
    });
  }

  /** The client has ended the connection, or the network has. */
  public void lost() {
    loop.execute(this::end);
  }

  private void end() {
    if (isOpen) {
      isOpen = false;
      frames.clear();
      List.copyOf(closeActions).forEach(Runnable::run);
      closeActions.clear();
    }
  }

  private void turn() {
    writeAnswers();
    while (isOpen && mayTakeNext()) {
      take(frames.remove());
      writeAnswers();
    }
  }

  private boolean mayTakeNext() {
    ByteBuffer next = frames.peek();
    if (next == null) {
      return false;
    }
    return unanswered.isEmpty()
        || (next.getShort(next.position()) == ApiKeys.PRODUCE.id
            && unanswered.size() < MAX_OVERLAPPING
            && unanswered.getLast().letsProducePass());
  }

  private void take(ByteBuffer frame) {
    short version = frame.getShort(frame.position() + Short.BYTES);
    short id = frame.getShort(frame.position());
    ApiKeys key = ApiKeys.hasId(id) ? ApiKeys.forId(id) : null;
    if (key == null || !apis.served().serves(key, version)) {
      closeWith("%s v%d is not served at %s".formatted(key, version, listener));
      return;
    }
    Exchange exchange = new Exchange(key, version, frame);
    unanswered.add(exchange);
    apis.handle(exchange, exchange);
  }

  private void closeWith(String why) {
    if (isOpen) {
      end();
      client.closed(why);
    }
  }

  private void writeAnswers() {
    while (isOpen && !unanswered.isEmpty() && unanswered.getFirst().isDone) {
      Exchange first = unanswered.removeFirst();
      if (first.closeReason != null) {
        closeWith(first.closeReason);
      } else if (first.answer != null) {
        client.answered(first.answer);
      }
    }
  }

  @Override
  public String id() {
    return client.name();
  }

  @Override
  public InetAddress clientAddress() {
    return InetAddress.getLoopbackAddress();
  }

  @Override
  public int clientPort() {
    return 1;
  }

  @Override
  public String listenerName() {
    return listener;
  }

  @Override
  public ScheduledExecutorService loop() {
    return loop;
  }

  @Override
  public boolean isOpen() {
    return isOpen;
  }

  @Override
  public Registration onClose(Runnable action) {
    if (!isOpen) {
      loop.execute(action);
      return () -> {};
    }
    closeActions.add(action);
    return () -> closeActions.remove(action);
  }

  /** One request, until its answer has left. */
  private final class Exchange implements Request, Responder {
    private final RequestHeader header;
    private final AbstractRequest body;
    private final int sizeBytes;
    private @Nullable ByteBuffer answer;
    private @Nullable String closeReason;
    private boolean isAppended;
    private boolean isDone;

    Exchange(ApiKeys key, short version, ByteBuffer frame) {
      sizeBytes = frame.remaining();
      ByteBufferAccessor readable = new ByteBufferAccessor(frame);
      short headerVersion = key.requestHeaderVersion(version);
      header = new RequestHeader(new RequestHeaderData(readable, headerVersion), headerVersion);
      body = AbstractRequest.parseRequest(key, version, readable).request;
    }

    boolean letsProducePass() {
      return header.apiKey() == ApiKeys.PRODUCE && (isAppended || isDone);
    }

    private void done() {
      isDone = true;
      loop.execute(MemoryConnection.this::turn);
    }

    @Override
    public void respond(ApiMessage message) {
      // Encoded at once, whoever hears it: so its slices are given back.
      ByteBuffer encoded = WireCopy.responseFrame(header, message);
      if (!isDone) {
        answer = encoded;
        done();
      }
    }

    @Override
    public void noResponse() {
      if (!isDone) {
        done();
      }
    }

    @Override
    public void close(String why) {
      if (!isDone) {
        closeReason = why;
        done();
      }
    }

    @Override
    public void appended() {
      if (!isAppended) {
        isAppended = true;
        loop.execute(MemoryConnection.this::turn);
      }
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
      return 0;
    }

    @Override
    public void retain() {}

    @Override
    public void release() {}

    @Override
    public ClientConnection connection() {
      return MemoryConnection.this;
    }

    @Override
    public Access access() {
      return Access.UNLIMITED;
    }
  }
}
