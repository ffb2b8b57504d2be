/**
 * Consumer groups of Kafka's classic protocol and the offsets they commit.
 *
 * <p>{@link io.tidemark.metadata.coordinator.group.GroupCoordinator} finds the partition of {@code
 * __consumer_offsets} a group lies on (by the hash of its id) and asks that partition's core. The
 * core is divided by what is controlled:
 *
 * <pre>
 *  GroupCoordinator ──→ CoordinatorShell ──→ GroupCore
 *                                              ├── Joins, StaticJoins   who comes
 *                                              ├── Syncs                who is assigned what
 *                                              ├── Sessions             who is alive
 *                                              ├── Leaves               who goes
 *                                              │      └──→ Rebalances   from generation to generation
 *                                              ├── OffsetCommits, OffsetFetches
 *                                              ├── Deletions, Expiry    what is no longer needed
 *                                              └── GroupQueries         describe, list
 *
 *        hard state                                      soft state
 *  GroupLedger: last written groups, offsets  ──loaded──→  Groups: members, who waits for what, deadlines
 *        ▲
 *        └── GroupEvent ←→ GroupRecordCodec ←→ records in Kafka's format (GroupMetadata…, OffsetCommit…)
 * </pre>
 *
 * <p>A group writes its record when it becomes stable or empty and when a static member's id
 * changes; the rebalance between is soft and starts over after a failover, as members do by
 * themselves.
 *
 * <p>What members tell each other (subscriptions, assignments) are bytes nobody here understands;
 * they are carried as they are, bounded by what fits into a record. Only the topics of a consumer's
 * subscription are looked for, so that offsets somebody reads do not expire.
 *
 * <p>Offsets belong to a topic, not to a name: the topic's id is written with them where it is
 * known, and a topic that takes the name of a deleted one starts without.
 */
@NullMarked
package io.tidemark.metadata.coordinator.group;

import org.jspecify.annotations.NullMarked;
