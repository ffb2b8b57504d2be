/**
 * A partition's replica on this node: leader, follower, or offline.
 *
 * <p>Everything that changes a replica is an entry of its {@link
 * io.tidemark.log.replica.PartitionQueue}: appends, fetches of followers, changes of role, of the
 * log start, of the configuration. Whoever adds to an empty queue drains it, so there is one writer
 * at a time and no lock, and what arrives meanwhile gathers into the next write. A turn of the
 * queue changes the log, asks the core what follows from that, publishes a new view, and only then
 * tells anybody:
 *
 * <pre>
 *   produce ──▶ Replica.append ─┐                      ┌─▶ PartitionLog: one write, all or nothing
 *   followers' fetches ─────────┼─▶ PartitionQueue ─▶ ReplicaTurn ─▶ ReplicaCore: who is in sync, what is committed
 *   cluster image ──────────────┤    one at a time     └─▶ Publication: view, then answers and proposals, then watchers
 *   tiering: tieredTo, roll … ──┘                              │
 *                                                              ▼
 *   fetch ──▶ Replica.read ◀── ReplicaView (immutable, one volatile field)
 *              ├─ MEMORY      Tail: batches just appended while somebody waits, node-wide TailCache
 *              ├─ PAGE_CACHE  the log's file, young on the node's ByteClock
 *              ├─ LOCAL_DISK  the log's file, not in the page cache: to be read ahead
 *              └─ BUCKET      below the local log start
 * </pre>
 *
 * <p>{@link io.tidemark.log.replica.ReplicaCore} is a pure state machine: events and the time go
 * in, decisions come out. The high watermark is the smallest log end over the <em>maximal</em> ISR
 * (committed members and proposed additions); it stands still while fewer replicas are in sync than
 * {@code min.insync.replicas} asks for. An append with acks=all waits in the core for the high
 * watermark; where {@code flush.messages=1}, "log end" means the flushed end, and the {@link
 * io.tidemark.log.replica.Flusher} forces the log once for all who wait. Changes of the ISR go to
 * the quorum through {@link io.tidemark.log.replica.IsrChanges} and count there, not here.
 *
 * <p>Epochs keep everybody honest: the leader epoch fences old leaders and decides where a follower
 * cuts its log ({@link io.tidemark.log.replica.EpochCheck}); the partition epoch orders changes
 * within it; node epochs tell a node's lives apart.
 *
 * <p>A slow disk is {@link io.tidemark.log.replica.DirectoryPace}'s matter: after one write of more
 * than 20 ms the directory's own writer drains its partitions until it is prompt again, so that
 * event loops wait for no disk. {@link io.tidemark.log.replica.DirectoryWatch} notices directories
 * that fail or hang; their replicas answer KAFKA_STORAGE_ERROR, others notice nothing. A full disk
 * is no failure: appends get an error that producers retry ({@link
 * io.tidemark.log.replica.DirectoryState#FULL_ERROR}), everything else goes on.
 *
 * <p>A replica can move to another log directory of its node while it serves: {@link
 * io.tidemark.log.replica.ReplicaMove} copies its log, and {@link
 * io.tidemark.log.replica.CurrentLog} is where everybody finds the one that counts.
 *
 * <p>{@link io.tidemark.log.replica.ReplicaSet} holds the replicas of the node. Clock, timers and
 * executors come from outside: all of this runs in one thread in the simulation.
 */
@NullMarked
package io.tidemark.log.replica;

import org.jspecify.annotations.NullMarked;
