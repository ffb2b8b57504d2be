package io.tidemark.gateway.security.audit;

import io.tidemark.gateway.net.ClientConnection;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.security.acl.Access;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/**
 * A request that remembers what its sender was denied, at most {@value #MAX_NOTED} things. Safe
 * from any thread, as the access of a request is.
 */
final class NotedRequest implements Request {
  private static final int MAX_NOTED = 20;

  private final Request request;
  private final Access access;
  private final List<AuditEvent.Asked> denied = new ArrayList<>(); // guarded by this

  NotedRequest(Request request) {
    this.request = request;
    this.access = new NotingAccess(request.access());
  }

  synchronized List<AuditEvent.Asked> denied() {
    return List.copyOf(denied);
  }

  private synchronized void note(AuditEvent.Asked asked) {
    if (denied.size() < MAX_NOTED && !denied.contains(asked)) {
      denied.add(asked);
    }
  }

  @Override
  public Access access() {
    return access;
  }

  @Override
  public RequestHeader header() {
    return request.header();
  }

  @Override
  public AbstractRequest body() {
    return request.body();
  }

  @Override
  public int sizeBytes() {
    return request.sizeBytes();
  }

  @Override
  public long arrivedNs() {
    return request.arrivedNs();
  }

  @Override
  public void retain() {
    request.retain();
  }

  @Override
  public void release() {
    request.release();
  }

  @Override
  public ClientConnection connection() {
    return request.connection();
  }

  private final class NotingAccess implements Access {
    private final Access asked;

    NotingAccess(Access asked) {
      this.asked = asked;
    }

    @Override
    public KafkaPrincipal principal() {
      return asked.principal();
    }

    @Override
    public boolean isUnlimited() {
      return asked.isUnlimited();
    }

    @Override
    public boolean may(AclOperation operation, ResourceType type, String name) {
      boolean may = asked.may(operation, type, name);
      if (!may) {
        note(new AuditEvent.Asked(operation, type, name));
      }
      return may;
    }

    @Override
    public boolean mayOnAny(AclOperation operation, ResourceType type) {
      return asked.mayOnAny(operation, type);
    }
  }
}
