package io.tidemark.log.recovery;

import io.tidemark.log.LogConfig;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a log before its folder is read.
 *
 * @param folder where it lies
 * @param config of its topic
 * @param clean as it was closed; null when it was not
 * @param isPageCacheWhole the machine has run on since the last write: at most that one is torn
 * @param recoveryPoint everything below was durable
 * @param logStartOffset as checkpointed; 0 when unknown
 */
public record LoadRequest(
    Path folder,
    LogConfig config,
    @Nullable CleanLog clean,
    boolean isPageCacheWhole,
    long recoveryPoint,
    long logStartOffset) {}
