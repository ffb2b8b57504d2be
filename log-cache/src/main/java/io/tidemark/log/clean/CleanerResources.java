package io.tidemark.log.clean;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.utils.Time;

/**
 * What a cleaner runs on, supplied by the wiring, which also closes it, after the cleaner.
 *
 * @param time the clock
 * @param threads as many as {@code log.cleaner.threads}, for disk and CPU
 * @param random draws the secrets of key hashes
 * @param meters where meters are registered
 */
public record CleanerResources(
    Time time, ScheduledExecutorService threads, RandomGenerator random, MeterRegistry meters) {}
