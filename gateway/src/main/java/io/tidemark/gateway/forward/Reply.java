package io.tidemark.gateway.forward;

import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** What became of a request that was passed on. */
public sealed interface Reply {

  /** The node's answer. */
  record Answered(ApiMessage body) implements Reply {}

  /** The node got it, and there is no answer: a Produce with acks=0. */
  record Done() implements Reply {}

  /** It was certainly not sent. */
  record NotSent(String why) implements Reply {}

  /** It was sent, and nobody knows what became of it. */
  record Lost(String why) implements Reply {}

  /** The node does not take it from this gateway, or would have closed the client's connection. */
  record Refused(Errors error) implements Reply {}
}
