package io.tidemark.gateway.net;

import io.netty.handler.ssl.NotSslRecordException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What is told of a client with which TLS could not be agreed on. */
final class TlsFailure {
  private static final int MAX_CAUSES = 10;

  private TlsFailure() {}

  /**
   * Empty where there is nothing to tell: somebody connected and hung up, as health checks and port
   * scanners do.
   *
   * @param hasHeard whether the client said anything
   */
  static Optional<String> reason(Throwable failure, boolean hasHeard, String listener) {
    if (isOf(failure, NotSslRecordException.class)) {
      return Optional.of("it does not speak TLS, as the listener " + listener + " demands");
    }
    if (!isOf(failure, ClosedChannelException.class)) {
      return Optional.of("TLS failed: " + said(failure));
    }
    return hasHeard
        ? Optional.of("it hung up in the middle of the TLS handshake")
        : Optional.empty();
  }

  private static boolean isOf(Throwable failure, Class<? extends Throwable> type) {
    return causes(failure).anyMatch(type::isInstance);
  }

  /** What the innermost cause that says anything says. */
  private static String said(Throwable failure) {
    return causes(failure)
        .map(Throwable::getMessage)
        .filter(Objects::nonNull)
        .reduce((_, inner) -> inner)
        .orElse(failure.getClass().getSimpleName());
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(MAX_CAUSES);
  }
}
