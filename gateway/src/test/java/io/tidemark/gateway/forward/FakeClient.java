package io.tidemark.gateway.forward;

import io.tidemark.gateway.net.ClientConnection;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.gateway.security.acl.Access;
import io.tidemark.log.ManualScheduler;
import io.tidemark.log.ManualTime;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.jspecify.annotations.Nullable;

/** A client's connection whose loop is the test's thread, and what it asked and was answered. */
final class FakeClient implements ClientConnection {
  static final KafkaPrincipal ALICE = new KafkaPrincipal(KafkaPrincipal.USER_TYPE, "alice");

  private final ScheduledExecutorService loop;
  private final List<Runnable> closeActions = new ArrayList<>();

  /** A client whose loop runs at once what it is given. */
  FakeClient() {
    this(new ManualScheduler(new ManualTime(0)));
  }

  FakeClient(ScheduledExecutorService loop) {
    this.loop = loop;
  }

  /** A request of this client's. */
  Asking ask(AbstractRequest body) {
    return new Asking(this, body);
  }

  void leave() {
    List.copyOf(closeActions).forEach(Runnable::run);
  }

  @Override
  public String id() {
    return "client";
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
    return Cluster.LISTENER;
  }

  @Override
  public ScheduledExecutorService loop() {
    return loop;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public Registration onClose(Runnable action) {
    closeActions.add(action);
    return () -> closeActions.remove(action);
  }

  /** One request and what becomes of it. */
  static final class Asking implements Request, Responder {
    private final FakeClient client;
    private final AbstractRequest body;
    int retained;
    boolean isAppended;
    boolean hasNoAnswer;
    @Nullable ApiMessage answer;
    @Nullable String closed;

    Asking(FakeClient client, AbstractRequest body) {
      this.client = client;
      this.body = body;
    }

    /** The answer there is. */
    <A extends ApiMessage> A answer(Class<A> type) {
      return type.cast(Objects.requireNonNull(answer, "no answer"));
    }

    @Override
    public RequestHeader header() {
      return new RequestHeader(body.apiKey(), body.version(), "app", 77);
    }

    @Override
    public AbstractRequest body() {
      return body;
    }

    @Override
    public int sizeBytes() {
      return 100;
    }

    @Override
    public long arrivedNs() {
      return 0;
    }

    @Override
    public void retain() {
      retained++;
    }

    @Override
    public void release() {
      retained--;
    }

    @Override
    public ClientConnection connection() {
      return client;
    }

    @Override
    public Access access() {
      return Access.unlimited(ALICE);
    }

    @Override
    public void respond(ApiMessage message) {
      if (closed == null) {
        answer = message;
      }
    }

    @Override
    public void noResponse() {
      hasNoAnswer = closed == null;
    }

    @Override
    public void close(String why) {
      closed = why;
    }

    @Override
    public void appended() {
      isAppended = true;
    }
  }
}
