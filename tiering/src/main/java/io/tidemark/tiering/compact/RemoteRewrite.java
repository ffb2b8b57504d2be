package io.tidemark.tiering.compact;

import io.tidemark.log.LogConfig;
import io.tidemark.log.clean.BatchCompaction;
import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.producer.AbortedTransaction;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.manifest.SegmentSwap;
import io.tidemark.tiering.segment.SegmentObject;
import io.tidemark.tiering.segment.SegmentObjectWriter;
import io.tidemark.tiering.store.ObjectKeys.SegmentName;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.upload.UnansweredException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;

/**
 * Rewrites segments of one partition, oldest first, group by group: reads neighbours, puts what
 * stays of them as new objects, and has the partition's turn swap them in before it goes on. So an
 * old value is gone for every reader before the tombstone behind it can be. Whatever fails, what
 * was swapped stays, what was put and not swapped is abandoned, and the next rewriting begins anew.
 * Blocks; one thread, good for one rewriting.
 */
public final class RemoteRewrite {
  private static final ByteBuffer UNKNOWN_PRODUCERS = ByteBuffer.allocate(0);

  private final RewriteTools tools;
  private final TopicIdPartition id;
  private final int leaderEpoch;
  private final SwapDesk desk;
  private final Runnable wakeTurn;
  private final BooleanSupplier goesOn;
  private final RewriteTally tally = new RewriteTally();
  private final SegmentObjectWriter writer = new SegmentObjectWriter();

  /**
   * @param leaderEpoch under which this node leads
   * @param wakeTurn asks for the turn that commits what lies on the desk
   * @param goesOn false once it is to end
   */
  public RemoteRewrite(
      RewriteTools tools,
      TopicIdPartition id,
      int leaderEpoch,
      SwapDesk desk,
      Runnable wakeTurn,
      BooleanSupplier goesOn) {
    this.tools = tools;
    this.id = id;
    this.leaderEpoch = leaderEpoch;
    this.desk = desk;
    this.wakeTurn = wakeTurn;
    this.goesOn = goesOn;
  }

  public RewriteTally tally() {
    return tally;
  }

  /** The rewriting ended early, and harmlessly: what it was based on has changed. */
  public static final class EndedException extends Exception {
    private static final long serialVersionUID = 1L;

    EndedException(String reason) {
      super(reason);
    }
  }

  /**
   * Compacts the segments below an offset.
   *
   * @param listed all segments, in order
   * @param scope what is dirty of them
   * @param hotAborted the aborted transactions whose markers lie above all segments
   * @param config of the topic, which bounds what comes to lie in one object
   */
  public void compact(
      List<RemoteSegment> listed,
      BatchCompaction.Scope scope,
      List<AbortedTransaction> hotAborted,
      LogConfig config)
      throws ObjectStoreException, UnansweredException, EndedException {
    BatchCompaction compaction =
        new BatchCompaction(
            scope,
            new AbortedTransactionList(this::open).of(listed, hotAborted),
            new BatchCompaction.Memory(
                tools.settings().mapBytesEach(), CompactionSettings.LOAD_FACTOR),
            tools.random());
    noteKeys(listed, scope, compaction);
    List<RemoteSegment> touched =
        listed.stream().filter(segment -> segment.baseOffset() < compaction.endOffset()).toList();
    MergePolicy limits = MergePolicy.of(tools.settings(), config);
    rewrite(touched, new BatchSieve.Compacting(compaction), limits, limits.objectBytes() / 2);
    tally.compacted(compaction.withoutKey(), compaction.isMapFull());
    swap(new SegmentSwap(List.of(), List.of(), compaction.endOffset()), List.of());
  }

  /** Makes one object of neighbours, with all that they hold. */
  public void merge(List<RemoteSegment> neighbours, LogConfig config)
      throws ObjectStoreException, UnansweredException, EndedException {
    MergePolicy limits = MergePolicy.of(tools.settings(), config);
    rewrite(neighbours, new BatchSieve.Merging(), limits, Long.MAX_VALUE);
  }

  private void noteKeys(
      List<RemoteSegment> listed, BatchCompaction.Scope scope, BatchCompaction compaction)
      throws ObjectStoreException, EndedException {
    for (RemoteSegment segment : listed) {
      if (segment.nextOffset() <= scope.startOffset()
          || segment.baseOffset() >= scope.endOffset()) {
        continue;
      }
      RemoteBatches batches = open(segment);
      while (batches.next()) {
        if (!compaction.note(batches.buffer(), batches.header())) {
          return;
        }
      }
    }
  }

  private RemoteBatches open(RemoteSegment segment) throws ObjectStoreException, EndedException {
    if (!goesOn.getAsBoolean()) {
      throw new EndedException("it is to end");
    }
    return RemoteBatches.open(tools.store(), key(segment), segment, this::read);
  }

  private void read(long bytes) {
    tally.read(bytes);
    tools.pace(bytes);
  }

  private void rewrite(
      List<RemoteSegment> segments, BatchSieve sieve, MergePolicy limits, long enoughBytes)
      throws ObjectStoreException, UnansweredException, EndedException {
    int at = 0;
    while (at < segments.size()) {
      SegmentGroup group =
          new SegmentGroup(segments.get(at).baseOffset(), tools.settings().objectBytes());
      try {
        do {
          add(group, segments.get(at++), sieve);
        } while (at < segments.size() && takes(group, segments.get(at), limits, enoughBytes));
        if (!group.isAsItWas()) {
          put(group, group.last().nextOffset(), group.tail().producerSnapshot());
          swap(group.swap(), group.keys());
          tally.swapped(group.old().size(), group.keys().size());
        }
      } catch (ObjectStoreException
          | UnansweredException
          | EndedException
          | RuntimeException
          | Error e) {
        // Should they have become current all the same, the manifest will say so.
        desk.abandon(group.keys());
        throw e;
      }
    }
  }

  /** Until what is left of the group is large enough, or there are too many of them. */
  private static boolean takes(
      SegmentGroup group, RemoteSegment next, MergePolicy limits, long enoughBytes) {
    return group.old().size() < MergePolicy.MOST_SEGMENTS
        && group.fresh().isEmpty()
        && group.assembler().sizeBytes() < enoughBytes
        && limits.isNear(group.old().getFirst(), next);
  }

  private void add(SegmentGroup group, RemoteSegment segment, BatchSieve sieve)
      throws ObjectStoreException, EndedException {
    RemoteBatches batches = open(segment);
    group.begin(segment, batches.tail());
    sieve.begin(batches.tail().transactionIndex());
    while (batches.next()) {
      ByteBuffer kept = sieve.sieved(batches.buffer(), batches.header(), batches.isAtEnd());
      if (kept == null) {
        group.changed();
        continue;
      }
      if (!kept.equals(
          batches.buffer().slice(batches.header().position(), batches.header().sizeBytes()))) {
        group.changed();
      }
      append(group, kept, batches);
      AbortedTransaction aborted = sieve.aborted();
      if (aborted != null) {
        group.assembler().aborted(aborted);
      }
    }
  }

  private void append(SegmentGroup group, ByteBuffer batch, RemoteBatches batches)
      throws ObjectStoreException {
    if (!group.assembler().hasRoomFor(batch, batches.header())) {
      // Where it is cut the producers' state is not known; it is only needed at the tier's end.
      put(group, group.assembler().nextOffset(), UNKNOWN_PRODUCERS);
    }
    group.assembler().append(batch);
  }

  private void put(SegmentGroup group, long endOffset, ByteBuffer producers)
      throws ObjectStoreException {
    EpochLineage lineage = group.tail().lineage();
    MemorySegment segment = group.assembler().finish(endOffset, lineage, producers);
    SegmentObject object = prepared(segment);
    Uuid uuid = tools.uuids().get();
    String key =
        tools
            .keys()
            .segment(
                id.topicId(),
                id.partition(),
                new SegmentName(segment.baseOffset(), leaderEpoch, uuid));
    group.making(key);
    desk.making(key);
    tools.store().put(key, object.content());
    tally.wrote(object.objectBytes());
    tools.pace(object.objectBytes());
    group.made(RemoteSegment.of(object, leaderEpoch, uuid, group.last().uploadedAtMs()));
    group.next(new ObjectAssembler(endOffset, tools.settings().objectBytes()));
  }

  private SegmentObject prepared(MemorySegment segment) {
    try {
      return writer.prepare(id.topicId(), id.partition(), segment, segment.lineage());
    } catch (IOException e) {
      throw new IllegalStateException("only memory is read", e);
    }
  }

  /** Waits for the turn that commits the swap. */
  private void swap(SegmentSwap swap, List<String> keys)
      throws UnansweredException, EndedException {
    SwapDesk.Offer offer = desk.offer(swap, leaderEpoch, keys);
    wakeTurn.run();
    boolean isCommitted;
    try {
      isCommitted = tools.turnWait().join(offer.committed(), "the commit of rewritten segments");
    } catch (UnansweredException e) {
      desk.withdraw(offer);
      throw e;
    }
    if (!isCommitted) {
      throw new EndedException("what it was based on has changed");
    }
  }

  private String key(RemoteSegment segment) {
    return segment.key(tools.keys(), id.topicId(), id.partition());
  }
}
