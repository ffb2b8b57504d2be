/**
 * What transactions need of other nodes, and other nodes of this one.
 *
 * <pre>
 *   Produce, TxnOffsetCommit ──▶ PartitionAdmission ──▶ the transaction's coordinator, here or elsewhere
 *
 *   TransactionCoordinator ──▶ LeaderMarkers ──▶ leaders of the partitions, here or elsewhere
 *                                                        │
 *   WriteTxnMarkers ─────────────────────────────────────┴──▶ MarkerWriter ──▶ Replica
 *                                                                  └──▶ GroupCoordinator
 * </pre>
 *
 * <p>{@link io.tidemark.gateway.transaction.PartitionAdmission} makes sure that a partition is in a
 * transaction before the transaction's first batch is appended to it. {@link
 * io.tidemark.gateway.transaction.LeaderMarkers} brings the markers of an ended transaction to
 * every partition of it, for as long as that takes: nobody else tries again. {@link
 * io.tidemark.gateway.transaction.MarkerWriter} appends them; on partitions of {@code
 * __consumer_offsets} the group coordinator does, for it keeps what the marker decides.
 *
 * <p>Other nodes are spoken to on the inter-broker listener, by {@link
 * io.tidemark.gateway.peer.Peers}; a node that is alone has none and never needs any.
 */
@NullMarked
package io.tidemark.gateway.transaction;

import org.jspecify.annotations.NullMarked;
