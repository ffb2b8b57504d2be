/**
 * Fetch: sessions, long polls and reads over both tiers.
 *
 * <pre>
 *  FetchHandler ─▶ FetchSession ── dirty partitions, first in first out
 *       │               ▲                    │
 *       ▼               │ marks              ▼
 *  FetchRound ─look─▶ FetchPass ──▶ PartitionReader ──▶ Replica.read
 *       │ waits         ▲                    │ far: FarReads ─▶ read ahead, or the store; marks when it is here
 *       ▼               │
 *  FetchResponder    LoopWatches ◀── Replica: something has changed
 * </pre>
 *
 * <p>A session lives on one event loop, so nothing here locks. A request waits until what is near
 * is enough or its time is up; what is far never holds up what is near, and goes on arriving when
 * the request that sent for it is long answered.
 */
@NullMarked
package io.tidemark.gateway.fetch;

import org.jspecify.annotations.NullMarked;
