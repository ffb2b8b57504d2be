package io.tidemark.log.replica;

import io.tidemark.log.disk.IoPace;
import io.tidemark.log.partition.LogDirectories;
import io.tidemark.log.validate.BatchValidator;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;

/**
 * What all moves between the directories of a node share.
 *
 * @param validator checks every batch that is copied
 * @param timers starts what is due later; its tasks are short
 * @param pace as fast as may be copied now
 */
record MoveTools(
    LogDirectories directories,
    BatchValidator validator,
    Time time,
    ScheduledExecutorService timers,
    Supplier<IoPace> pace,
    MoveMeters meters) {}
