package io.tidemark.gateway.net;

import java.util.Locale;

/** Why a connection ended, as the metrics count it. */
enum CloseReason {
  /** The client closed it, or the network did. */
  CLIENT,
  /** Silent for longer than {@code connections.max.idle.ms}. */
  IDLE,
  /** A begun request did not arrive in time. */
  SLOW_REQUEST,
  /** The client did not read what it was owed. */
  SLOW_READER,
  /** Bytes that are no request we serve. */
  INVALID_REQUEST,
  /** It could not or would not say who it is, or did not encrypt as the listener demands. */
  AUTHENTICATION,
  /** A handler asked for it. */
  HANDLER,
  /** More connections than allowed, of its address or of the node. */
  LIMIT,
  /** The node stops. */
  SHUTDOWN,
  /** A defect of ours. */
  ERROR;

  String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
