package io.tidemark.metadata.coordinator;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.utils.Time;

/**
 * What a coordinator stands on: where it runs, what time it is, where ids come from.
 *
 * @param executor runs the coordinators' work: short CPU work, never waiting. Any number of
 *     threads; a partition's work runs on one at a time
 * @param timers wakes the coordinators; its tasks only hand over to the executor
 * @param random where member ids come from; used under one lock at a time, needs no thread safety
 */
public record CoordinatorPlatform(
    Executor executor,
    ScheduledExecutorService timers,
    Time time,
    RandomGenerator random,
    MeterRegistry meters) {}
