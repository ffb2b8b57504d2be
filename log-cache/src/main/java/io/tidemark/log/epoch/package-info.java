/**
 * Which leader wrote which offsets of a log. Two replicas' lineages part where their logs part:
 * that is all a follower needs to know where to cut ({@link
 * io.tidemark.log.epoch.EpochLineage#endOffsetFor}).
 */
@NullMarked
package io.tidemark.log.epoch;

import org.jspecify.annotations.NullMarked;
