package io.tidemark.tests.hostile;

import org.jspecify.annotations.Nullable;

/** What a node did with a frame. */
sealed interface Reaction {

  /** One response, without its size. */
  record Answered(byte[] response) implements Reaction {}

  /** None, but it went on to the next request. */
  record Unanswered() implements Reaction {}

  /** The connection was closed, perhaps after a response. */
  record Closed(byte @Nullable [] response) implements Reaction {}

  /** Nothing for a minute. */
  record Silent() implements Reaction {}

  /** More than one response. */
  record TwoAnswers() implements Reaction {}
}
