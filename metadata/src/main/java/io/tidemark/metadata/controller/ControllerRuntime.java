package io.tidemark.metadata.controller;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.utils.Time;

/**
 * What a controller runs on; all of it belongs to who made it.
 *
 * @param executor runs the controller's tasks; any will do, they are put in order
 * @param timers only start tasks on the executor
 * @param random draws cluster and topic ids
 */
public record ControllerRuntime(
    Executor executor,
    ScheduledExecutorService timers,
    Time time,
    RandomGenerator random,
    MeterRegistry meters) {}
