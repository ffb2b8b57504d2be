/**
 * Transactions: which producer has a transactional id, and what becomes of its transactions on all
 * their partitions.
 *
 * <p>{@link io.tidemark.metadata.coordinator.transaction.TransactionCoordinator} finds the
 * partition of {@code __transaction_state} a transactional id lies on (by its hash) and asks that
 * partition's core, which is divided by what is controlled:
 *
 * <pre>
 *  TransactionCoordinator ──→ CoordinatorShell ──→ TransactionCore
 *                                                    ├── ProducerInits   who has the id, in which epoch
 *                                                    ├── Participants    which partitions are in it
 *                                                    ├── Endings         commit, abort, markers
 *                                                    ├── Timeouts        transactions nobody ends
 *                                                    ├── IdExpiry        ids nobody uses
 *                                                    └── TransactionQueries
 *
 *        hard state                              soft state
 *  TransactionLedger: id → TransactionMetadata   Timers, last epochs, spare producer ids
 *        ▲
 *        └── TransactionRecordCodec ←→ records in Kafka's format (TransactionLogKey, TransactionLogValue)
 * </pre>
 *
 * <p>The life of a transactional id:
 *
 * <pre>
 *              partitions added             end, time-out, new producer
 *   EMPTY ─────────────────────→ ONGOING ─────────────────────────────→ PREPARE_COMMIT, PREPARE_ABORT
 *     ↑                             ↑                                          │ all markers written
 *     │ new producer                │ partitions added                         ▼
 *     └─────────────────────────────┴───────────────────────── COMPLETE_COMMIT, COMPLETE_ABORT
 * </pre>
 *
 * <p>The record that prepares the end decides it: once it is committed the markers go out, to
 * whoever leads the transaction's partitions, again and again until all are written; a coordinator
 * that takes over finds the record and does the same. Markers leave as effects of a turn, so never
 * before that.
 *
 * <p>Two kinds of clients are served at the same time. Those of transactions version 2 (KIP-890)
 * get a new epoch with every transaction: a marker carries the epoch after the one it ends, so what
 * comes late, a batch or a request, is of an epoch that is over. Older ones keep their epoch, and
 * partitions check with the coordinator before they take a transaction's first batch.
 */
@NullMarked
package io.tidemark.metadata.coordinator.transaction;

import org.jspecify.annotations.NullMarked;
