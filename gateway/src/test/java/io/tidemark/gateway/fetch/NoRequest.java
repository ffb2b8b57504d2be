package io.tidemark.gateway.fetch;

import io.tidemark.gateway.net.ClientConnection;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.security.acl.Access;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.RequestHeader;

/** A request nobody looks at. */
final class NoRequest implements Request {

  @Override
  public RequestHeader header() {
    throw new UnsupportedOperationException();
  }

  @Override
  public AbstractRequest body() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int sizeBytes() {
    return 0;
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
    throw new UnsupportedOperationException();
  }

  @Override
  public Access access() {
    return Access.UNLIMITED;
  }
}
