/**
 * Which leader wrote which offsets.
 *
 * <pre>
 *   epoch   0          3       4                7
 *           ├──────────┼───────┼────────────────┼─────────▶ log end
 *   offset  0          120     140              900
 * </pre>
 *
 * Every batch carries the epoch of the leader that appended it; the lineage is the short form of
 * that. Two logs agree as far as their lineages do, which is how followers and the cold tier find
 * where to cut. It lies beside the log in {@code leader-epoch-checkpoint} and in every segment
 * object, and is made again from the batches where it is lost.
 */
@NullMarked
package io.tidemark.log.epoch;

import org.jspecify.annotations.NullMarked;
