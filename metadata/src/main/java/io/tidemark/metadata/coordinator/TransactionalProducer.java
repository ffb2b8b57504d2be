package io.tidemark.metadata.coordinator;

/** Whose transaction a record belongs to. */
public record TransactionalProducer(long producerId, short producerEpoch) {}
