package io.tidemark.log.replica;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.apache.kafka.common.utils.Time;

/**
 * What replicas run on, supplied by the wiring, which also closes it, after the {@link ReplicaSet}.
 *
 * @param time the clock
 * @param timers starts short periodic checks
 * @param writers gives each log directory its writer: one platform thread that drains partitions
 *     while the directory is slow, and that flushes
 * @param meters where meters are registered
 */
public record ReplicaResources(
    Time time,
    ScheduledExecutorService timers,
    Function<Path, Executor> writers,
    MeterRegistry meters) {}
