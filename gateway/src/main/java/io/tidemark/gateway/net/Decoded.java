package io.tidemark.gateway.net;

import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.RequestHeader;

/** What the bytes of a frame turned out to be. */
sealed interface Decoded {

  /** A request that is served here. */
  record Understood(RequestHeader header, AbstractRequest body) implements Decoded {}

  /**
   * ApiVersions in a version we do not know: answered in version 0 so that the client can ask
   * again.
   */
  record UnknownApiVersions(int correlationId) implements Decoded {}

  /** Nothing that can be answered; the connection is closed. */
  record Refused(String why) implements Decoded {}
}
