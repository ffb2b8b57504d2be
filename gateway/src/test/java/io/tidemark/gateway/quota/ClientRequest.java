package io.tidemark.gateway.quota;

import io.tidemark.gateway.net.ClientConnection;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.security.acl.Access;
import io.tidemark.gateway.security.acl.Authoriser;
import java.net.InetAddress;
import java.util.Set;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/** A request of somebody, of which quotas look at the size and who sent it. */
record ClientRequest(
    RequestHeader header, String user, int sizeBytes, AbstractRequest body, boolean mayAnything)
    implements Request {

  /** The body does not matter, so it is that of another API. */
  ClientRequest(ApiKeys key, String user, String clientId, int sizeBytes) {
    this(
        new RequestHeader(key, key.latestVersion(), clientId, 1),
        user,
        sizeBytes,
        new MetadataRequest(new MetadataRequestData(), ApiKeys.METADATA.latestVersion()),
        true);
  }

  /** The same of somebody who may do nothing. */
  ClientRequest withoutRights() {
    return new ClientRequest(header, user, sizeBytes, body, false);
  }

  static ClientRequest fetch(String user, FetchRequestData data) {
    short version = ApiKeys.FETCH.latestVersion();
    return new ClientRequest(
        new RequestHeader(ApiKeys.FETCH, version, "consumer", 1),
        user,
        100,
        new FetchRequest(data, version),
        true);
  }

  @Override
  public Access access() {
    KafkaPrincipal principal = new KafkaPrincipal(KafkaPrincipal.USER_TYPE, user);
    return new Authoriser(!mayAnything, Set.of(), false)
        .access(principal, InetAddress.getLoopbackAddress());
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
    throw new UnsupportedOperationException("quotas do not ask for the connection");
  }
}
