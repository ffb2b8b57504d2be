package io.tidemark.tests.cluster;

import org.apache.kafka.common.protocol.ApiMessage;

/** What a client knows of a request it wanted to send. */
sealed interface Outcome {

  record Answered(ApiMessage body) implements Outcome {}

  /** It never left. */
  record NotSent(String why) implements Outcome {}

  /** It left, and nobody knows what became of it. */
  record Unknown(String why) implements Outcome {}
}
