/**
 * How objects leave the store: never without having been named first.
 *
 * <pre>
 *   segment below the log start ─┐
 *   replaced manifest, leaf ─────┼─▶ pending delete of a committed manifest ──delay──▶ deleted
 *   orphan found by OrphanSweep ─┘      (PendingClock)                          key dropped by the
 *                                                                               next commit
 *   topic deleted in the quorum ──delay──▶ TopicSweep: all folders emptied, twice ──▶ forgotten
 * </pre>
 */
@NullMarked
package io.tidemark.tiering.sweep;

import org.jspecify.annotations.NullMarked;
