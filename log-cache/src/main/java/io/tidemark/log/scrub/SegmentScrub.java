package io.tidemark.log.scrub;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.log.disk.IoPace;
import io.tidemark.log.partition.ClosedSegment;
import io.tidemark.log.partition.SegmentBatches;
import io.tidemark.log.replica.Replica;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every closed segment of the node once in an interval and says which is damaged. It works in
 * steps of about a MiB on one thread, with pauses that keep it below its rate, and never waits.
 * Closed by the wiring before the replicas.
 */
public final class SegmentScrub implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SegmentScrub.class);
  private static final long STEP_BYTES = 1 << 20;

  private final ScrubSettings settings;
  private final Supplier<Collection<Replica>> replicas;
  private final Consumer<Replica> onDamage;
  private final Time time;
  private final ScheduledExecutorService thread;
  private final IoPace pace;
  private final Counter bytesRead;

  // Handed from step to step by the executor.
  private Iterator<Replica> replicasLeft = List.<Replica>of().iterator();
  private Iterator<ClosedSegment> segmentsLeft = List.<ClosedSegment>of().iterator();
  private @Nullable Replica replica;
  private @Nullable Reading reading;
  private long passStartedMs;
  private Set<Damage> found = new HashSet<>();

  // Volatile because whoever scrapes reads it.
  private volatile Set<Damage> damaged = Set.of();
  private volatile boolean isClosed;

  private record Damage(TopicIdPartition id, long baseOffset) {}

  /** A segment being read. */
  private record Reading(Replica replica, ClosedSegment segment, SegmentBatches batches) {
    void close() {
      batches.close();
      segment.release();
    }
  }

  /**
   * @param replicas those of the node
   * @param onDamage told of a replica that has a damaged segment
   * @param thread runs one step at a time
   */
  public SegmentScrub(
      ScrubSettings settings,
      Supplier<Collection<Replica>> replicas,
      Consumer<Replica> onDamage,
      Time time,
      ScheduledExecutorService thread,
      MeterRegistry meters) {
    this.settings = settings;
    this.replicas = replicas;
    this.onDamage = onDamage;
    this.time = time;
    this.thread = thread;
    this.pace = new IoPace(settings.maxBytesPerSecond(), time.nanoseconds());
    this.bytesRead =
        Counter.builder("tidemark.log.scrub.read")
            .description("Bytes of closed segments read again to see whether they are whole")
            .baseUnit("bytes")
            .register(meters);
    Gauge.builder("tidemark.log.scrub.damaged.segments", this, each -> each.damaged.size())
        .description("Closed segments on this node's disks that were found to be damaged")
        .register(meters);
  }

  /** Begins the first pass, unless scrubbing is disabled. To be called once. */
  public void start() {
    if (settings.isEnabled()) {
      later(this::beginPass, 0);
    }
  }

  private void later(Runnable work, long delayMs) {
    try {
      var _ = thread.schedule(() -> guarded(work), delayMs, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      stopReading();
    }
  }

  private void guarded(Runnable work) {
    if (isClosed) {
      stopReading();
      return;
    }
    try {
      work.run();
    } catch (RuntimeException e) {
      log.error("A step of the scrub failed", e);
      stopReading();
      later(this::step, settings.intervalMs());
    }
  }

  private void beginPass() {
    passStartedMs = time.hiResClockMs();
    found = new HashSet<>();
    replicasLeft = replicas.get().iterator();
    step();
  }

  private void step() {
    Reading current = reading == null ? open() : reading;
    reading = current;
    if (current == null) {
      damaged = Set.copyOf(found);
      long elapsedMs = time.hiResClockMs() - passStartedMs;
      later(this::beginPass, Math.max(1_000, settings.intervalMs() - elapsedMs));
      return;
    }
    long bytes = readOn(current);
    bytesRead.increment((double) bytes);
    later(this::step, pace.pauseMs(bytes, time.nanoseconds()));
  }

  /** The next segment of the pass; null when there is none left. */
  private @Nullable Reading open() {
    while (true) {
      while (replica != null && segmentsLeft.hasNext()) {
        Reading opened = open(replica, segmentsLeft.next());
        if (opened != null) {
          return opened;
        }
      }
      if (!replicasLeft.hasNext()) {
        replica = null;
        return null;
      }
      replica = replicasLeft.next();
      segmentsLeft = replica.closedSegments().iterator();
    }
  }

  private @Nullable Reading open(Replica of, ClosedSegment segment) {
    if (!of.view().isOnline() || !segment.retain()) {
      return null;
    }
    try {
      return new Reading(of, segment, SegmentBatches.of(segment));
    } catch (IOException | ApiException e) {
      segment.release();
      unreadable(of, segment, e);
      return null;
    }
  }

  /** Reads on for a step; returns how many bytes. */
  private long readOn(Reading current) {
    long before = current.batches.position();
    try {
      while (current.batches.position() < before + STEP_BYTES) {
        if (!current.batches.next()) {
          stopReading();
          break;
        }
      }
    } catch (IOException | ApiException e) {
      stopReading();
      unreadable(current.replica, current.segment, e);
    }
    return current.batches.position() - before;
  }

  private void stopReading() {
    if (reading != null) {
      reading.close();
      reading = null;
    }
  }

  /** Unless the log has let it go meanwhile. */
  private void unreadable(Replica of, ClosedSegment segment, Exception e) {
    boolean isThere =
        of.view().isOnline()
            && of.closedSegments().stream()
                .anyMatch(each -> each.baseOffset() == segment.baseOffset());
    if (!isThere) {
      return;
    }
    if (!(e instanceof CorruptRecordException)) {
      log.warn("{} could not be read again: {}", segment, e.toString());
      return;
    }
    Damage damage = new Damage(of.id(), segment.baseOffset());
    found.add(damage);
    Set<Damage> all = new HashSet<>(damaged);
    all.add(damage);
    damaged = Set.copyOf(all);
    if (of.damaged(segment, String.valueOf(e.getMessage()))) {
      log.error(
          "{} has a damaged segment, which is not served any more: {}", of.id(), e.getMessage());
      onDamage.accept(of);
    }
  }

  /** No step begins any more. */
  @Override
  public void close() {
    isClosed = true;
  }
}
