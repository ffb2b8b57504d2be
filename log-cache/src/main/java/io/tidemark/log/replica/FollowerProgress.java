package io.tidemark.log.replica;

/**
 * A follower's fetch request as the leader sees it.
 *
 * @param node the follower in its present life
 * @param fetchOffset the follower's log end offset: it has everything below
 * @param logStartOffset the follower's log start offset
 */
public record FollowerProgress(NodeEpoch node, long fetchOffset, long logStartOffset) {}
