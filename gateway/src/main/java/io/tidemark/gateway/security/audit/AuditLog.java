package io.tidemark.gateway.security.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.apache.kafka.common.utils.Time;

/**
 * The audit log of a node: every event goes to every sink, each in its own time. Safe from any
 * thread but for {@link #add} and {@link #close}, which its owner calls.
 */
public final class AuditLog implements Audit, AutoCloseable {
  private final int nodeId;
  private final int queueSize;
  private final Time time;
  private final Counter told;
  private final Counter dropped;
  private final List<AuditLane> lanes = new CopyOnWriteArrayList<>();
  private final boolean isOn;

  /**
   * @param isOn whether there will be sinks
   * @param queueSize how many events may wait before each sink
   */
  public AuditLog(int nodeId, boolean isOn, int queueSize, Time time, MeterRegistry meters) {
    this.nodeId = nodeId;
    this.isOn = isOn;
    this.queueSize = queueSize;
    this.time = time;
    told =
        Counter.builder("tidemark.audit.events")
            .description("Events told to the audit log.")
            .register(meters);
    dropped =
        Counter.builder("tidemark.audit.dropped")
            .description(
                "Events that are missing in a file or topic of the audit log, because its queue was"
                    + " full or it could not be written to.")
            .register(meters);
  }

  /** One more sink, written to on a thread of its own. */
  public void add(AuditSink sink, Executor thread) {
    lanes.add(new AuditLane(nodeId, sink, queueSize, thread, dropped));
  }

  /** Counts what sinks could not write later than they said. */
  public Counter dropped() {
    return dropped;
  }

  @Override
  public boolean isOn() {
    return isOn;
  }

  @Override
  public void tell(AuditEvent event) {
    if (isOn) {
      told.increment();
      long timeMs = time.milliseconds();
      lanes.forEach(lane -> lane.tell(event, timeMs));
    }
  }

  @Override
  public void close() {
    lanes.forEach(AuditLane::close);
  }
}
