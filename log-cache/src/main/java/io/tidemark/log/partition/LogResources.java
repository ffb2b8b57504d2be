package io.tidemark.log.partition;

import io.tidemark.log.disk.Disk;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.utils.Time;

/**
 * What logs are built on, supplied by the wiring, which also closes it.
 *
 * @param disk where the files are
 * @param time the clock
 * @param random draws directory ids and roll jitter
 * @param timer starts delayed deletions and checkpoints; its tasks are short
 * @param bulk gives each log directory its platform threads for bulk work
 */
public record LogResources(
    Disk disk,
    Time time,
    RandomGenerator random,
    ScheduledExecutorService timer,
    Function<Path, Executor> bulk) {}
