/**
 * What a log remembers of its producers, so that a repeated batch is written once and transactions
 * are known to be open.
 *
 * <pre>
 *   batch ──▶ ProducerPlan: next in sequence │ duplicate of one of the last five │ gap, old epoch: refused
 *                 │ on top of                       and, once the write has succeeded, commit
 *                 ▼                                                                     │
 *             ProducerTable ◀───────────────────────────────────────────────────────────┘
 *                 │ when a segment closes, at a clean stop
 *                 ▼
 *             ProducerSnapshot: beside the log, and in the segment object
 * </pre>
 *
 * A plan belongs to one drain: when its write fails it is dropped and nothing is remembered. After
 * a crash the table is the newest good snapshot and the batches behind it.
 */
@NullMarked
package io.tidemark.log.producer;

import org.jspecify.annotations.NullMarked;
