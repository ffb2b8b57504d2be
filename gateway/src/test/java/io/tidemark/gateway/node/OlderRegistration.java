package io.tidemark.gateway.node;

import org.apache.kafka.common.message.BrokerRegistrationRequestData;

/**
 * What a release that knew transactions up to version 1 registered with, to be put into {@link
 * RegistrationRequest} by tests of upgrades. Called from changed code only.
 */
public final class OlderRegistration {
  private OlderRegistration() {}

  static BrokerRegistrationRequestData registers(
      RegistrationRequest now, BrokerRegistrationRequestData request) {
    request.features().find("transaction.version").setMaxSupportedVersion((short) 1);
    return request;
  }
}
