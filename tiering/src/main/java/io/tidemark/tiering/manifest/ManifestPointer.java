package io.tidemark.tiering.manifest;

import org.apache.kafka.common.Uuid;

/**
 * Names one committed manifest of a partition: all that the quorum keeps of it. Versions of a
 * partition grow by one; everything below {@code tieredOffset} is in the store or was deleted.
 */
public record ManifestPointer(
    long version, Uuid uuid, long tieredOffset, int sizeBytes, int crc32c) {}
