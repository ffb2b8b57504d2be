package io.tidemark.gateway.forward;

import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder;

/** Principals in envelopes, in Kafka's own form (KIP-590). */
final class Principals {
  private static final DefaultKafkaPrincipalBuilder CODEC =
      new DefaultKafkaPrincipalBuilder(null, null);

  private Principals() {}

  static byte[] encode(KafkaPrincipal principal) {
    return CODEC.serialize(principal);
  }

  /**
   * @throws RuntimeException the bytes are no principal
   */
  static KafkaPrincipal decode(byte[] bytes) {
    return CODEC.deserialize(bytes);
  }
}
