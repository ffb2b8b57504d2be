package io.tidemark.gateway.net;

/** How records in files reach a client. */
enum Transfer {
  /** By {@code sendfile}, unread. */
  FROM_FILE,
  /** Through buffers, because they are encrypted on the way. */
  IN_PIECES
}
