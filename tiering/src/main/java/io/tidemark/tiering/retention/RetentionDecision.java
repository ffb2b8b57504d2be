package io.tidemark.tiering.retention;

/**
 * Where the log should start, and whether the active segment must be rolled before: it has expired
 * with everything before it, and only a closed segment leaves.
 */
public record RetentionDecision(long logStartOffset, boolean rollActive) {}
