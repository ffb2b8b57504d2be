package io.tidemark.log.partition;

import java.util.OptionalLong;

/**
 * What the directory's checkpoints say of a log.
 *
 * @param recoveryPoint 0 when unknown
 * @param logStartOffset 0 when unknown
 * @param highWatermark empty when unknown
 */
record LogCheckpoints(long recoveryPoint, long logStartOffset, OptionalLong highWatermark) {}
