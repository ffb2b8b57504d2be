package io.tidemark.metadata.controller;

import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.protocol.types.RawTaggedField;

/**
 * Says in a registration that the node holds no replicas, which Kafka's message has no field for: a
 * tagged field that Kafka does not know and passes over.
 *
 * <pre>
 *   tag 0x544D, 1 byte: 1
 * </pre>
 */
public final class GatewayMark {
  private static final int TAG = 0x544D;
  private static final byte ON = 1;

  private GatewayMark() {}

  /** Marks a registration as a gateway's. */
  public static void put(BrokerRegistrationRequestData registration) {
    registration.unknownTaggedFields().add(new RawTaggedField(TAG, new byte[] {ON}));
  }

  static boolean isOn(BrokerRegistrationRequestData registration) {
    return registration.unknownTaggedFields().stream()
        .anyMatch(field -> field.tag() == TAG && field.size() == 1 && field.data()[0] == ON);
  }
}
