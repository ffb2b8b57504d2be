package io.tidemark.metadata.controller;

import io.tidemark.metadata.image.DelegationToken;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What became of a {@link TokenChange}.
 *
 * @param token as it is now, or was at last; null where there is an error
 */
public record TokenChangeResult(Errors error, @Nullable DelegationToken token) {

  static TokenChangeResult of(DelegationToken token) {
    return new TokenChangeResult(Errors.NONE, token);
  }

  static TokenChangeResult failed(Errors error) {
    return new TokenChangeResult(error, null);
  }
}
