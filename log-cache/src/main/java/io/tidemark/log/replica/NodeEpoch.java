package io.tidemark.log.replica;

/**
 * A node in one of its lives. {@code epoch} is given at registration; {@link #UNKNOWN} until the
 * leader has heard from it.
 */
public record NodeEpoch(int nodeId, long epoch) {
  public static final long UNKNOWN = -1L;
}
