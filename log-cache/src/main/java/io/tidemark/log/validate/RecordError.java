package io.tidemark.log.validate;

/**
 * What is wrong with one record of a refused batch. {@code batchIndex} counts records within the
 * partition's batch.
 */
public record RecordError(int batchIndex, String message) {}
