package io.tidemark.gateway.security.auth;

import java.nio.ByteBuffer;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/** One connection's way to a principal. Used by the connection's event loop alone; never waits. */
public interface Authentication {

  /** What becomes of a request. */
  sealed interface Admission {

    /** It is handled like any other, under {@link Authentication#principal}. */
    record Passed() implements Admission {}

    /** It is part of the authentication: {@link Authentication#answer} it. */
    record Taken() implements Admission {}

    /** It may not come now; the connection is closed. */
    record Refused(String why) implements Admission {}
  }

  /**
   * An answer of the authentication's.
   *
   * @param body of the response; a bare token's where {@link #takesBareTokens} held
   * @param failure why the connection is to be closed behind it, after a while; empty when it goes
   *     on
   */
  record Reply(Body body, Optional<String> failure) {
    static Reply of(ApiMessage message) {
      return new Reply(new Message(message), Optional.empty());
    }

    static Reply failed(ApiMessage message, String why) {
      return new Reply(new Message(message), Optional.of(why));
    }
  }

  /** What a reply consists of. */
  sealed interface Body {}

  /** A response of the protocol. */
  record Message(ApiMessage message) implements Body {}

  /** A token alone, for clients of SaslHandshake v0. */
  @SuppressWarnings("ArrayRecordComponent") // written once, never compared
  record Token(byte[] bytes) implements Body {}

  /** Nothing: a client of bare tokens is not told why. */
  record Silence() implements Body {}

  /** The connection is encrypted; comes before any request, and never on plaintext. */
  void encrypted(SSLSession session);

  /** The connection could not be encrypted, and is closed for it. */
  default void notEncrypted(String why) {}

  /** Who sends requests now; ANONYMOUS while nobody is known. */
  KafkaPrincipal principal();

  /** Whether a principal is known, and requests of any size and kind may come. */
  boolean isDone();

  /** Whether the next frame is a token without a request around it. */
  boolean takesBareTokens();

  Admission admit(ApiKeys api);

  /** Answers a request that was {@link Admission.Taken}. */
  Reply answer(AbstractRequest request);

  /** Answers a bare token. */
  Reply answer(ByteBuffer token);
}
