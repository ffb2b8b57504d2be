package io.tidemark.gateway.net;

import io.tidemark.gateway.security.acl.Access;
import io.tidemark.gateway.security.auth.Authentication;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/**
 * Who is at the other end of a connection, and what follows from that: how much a stranger may send
 * at a time and how long it may remain one, and what those may do who are known. Used by the
 * connection's loop alone.
 */
final class ClientIdentity {
  private final ListenerSecurity security;
  private final InetAddress client;
  private final FrameDecoder decoder;
  private final ServerContext server;
  private final long openedNs;
  private final Authentication authentication;
  private Access access;
  private boolean isKnown;

  ClientIdentity(
      ListenerSecurity security, InetAddress client, FrameDecoder decoder, ServerContext server) {
    this.security = security;
    this.client = client;
    this.decoder = decoder;
    this.server = server;
    this.openedNs = server.time().nanoseconds();
    this.authentication = security.door().open(client);
    this.access = security.authoriser().access(authentication.principal(), client);
    changed();
  }

  private void changed() {
    isKnown = authentication.isDone();
    if (isAnother(authentication.principal())) {
      access = security.authoriser().access(authentication.principal(), client);
    }
    if (isKnown) {
      decoder.limit(server.requestMaxBytes(), "socket.request.max.bytes");
      decoder.payFrom(server.budget(), true);
    } else {
      decoder.limit(
          Math.min(server.requestMaxBytes(), security.maxBytesBefore()),
          "sasl.server.max.receive.size");
      decoder.payFrom(server.strangers(), false);
    }
  }

  /** The same user with a token instead of a password is another one: tokens make no tokens. */
  private boolean isAnother(KafkaPrincipal now) {
    KafkaPrincipal before = access.principal();
    return !before.equals(now) || before.tokenAuthenticated() != now.tokenAuthenticated();
  }

  /** What whoever is known now may do. */
  Access access() {
    return access;
  }

  void encrypted(SSLSession session) {
    authentication.encrypted(session);
    changed();
  }

  void notEncrypted(String why) {
    authentication.notEncrypted(why);
  }

  boolean takesBareTokens() {
    return authentication.takesBareTokens();
  }

  Authentication.Admission admit(ApiKeys api) {
    return authentication.admit(api);
  }

  Authentication.Reply answer(AbstractRequest request) {
    Authentication.Reply reply = authentication.answer(request);
    changed();
    return reply;
  }

  Authentication.Reply answer(ByteBuffer token) {
    Authentication.Reply reply = authentication.answer(token);
    changed();
    return reply;
  }

  /** Whether it has been a stranger for too long. */
  boolean isOverdue(long nowNs) {
    return !isKnown && TimeUnit.NANOSECONDS.toMillis(nowNs - openedNs) > security.timeoutMs();
  }
}
