/**
 * How much clients may use, and who has used how much.
 *
 * <pre>
 *   quorum's image ──► ClientQuotas ── which quota holds for whom: QuotaPrecedence
 *                           │
 *                           ├─ QuotaMeters: one RateWindow or TokenBucket for each who shares a quota
 *                           ▼
 *   Connection ◄── ClientThrottle: answer first, with the throttle time in it, then mute (KIP-219)
 *   admin handlers ◄── MutationLedger: topics and partitions made and removed (KIP-599), counted
 *                      where the controller is: MutationQuota
 *   fetches of cold data ◄── ColdQuota: later, where the hot partitions of the answer are not
 *   AcceptGate ◄── how fast an address may connect
 * </pre>
 *
 * <p>As in Kafka each node keeps count by itself of all but what the controller is asked for: a
 * client that uses three nodes may use three times as much. What nodes do for each other is not
 * counted. While there is no quota nothing is counted at all, which costs a request two volatile
 * reads, and a Fetch one more.
 */
@NullMarked
package io.tidemark.gateway.quota;

import org.jspecify.annotations.NullMarked;
