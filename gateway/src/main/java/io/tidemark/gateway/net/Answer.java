package io.tidemark.gateway.net;

import org.apache.kafka.common.protocol.ApiMessage;

/** What became of a request. */
sealed interface Answer {

  /** A response to write. */
  record Body(ApiMessage message) implements Answer {}

  /** Done, and nothing to write: acks=0. */
  record Nothing() implements Answer {}

  /** The connection is to be closed instead. */
  record Close(String why) implements Answer {}

  /** The connection is gone; nobody waits any more. */
  record Discarded() implements Answer {}
}
