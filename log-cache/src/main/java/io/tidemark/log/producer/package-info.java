/**
 * What a log remembers of its producers, so that a repeated batch is written once and a transaction
 * has a beginning and an end.
 *
 * <pre>
 *   batches of a drain ──▶ ProducerPlan ──commit──▶ ProducerTable ──▶ ProducerSnapshot (at rolls and stops)
 *                          provisional: dropped     the log's           ◀── plus the batches behind it: the state again
 *                          when the write fails
 * </pre>
 *
 * A producer's last ten batches are known; a batch must follow the last one's sequence or repeat
 * one of the ten.
 */
@NullMarked
package io.tidemark.log.producer;

import org.jspecify.annotations.NullMarked;
