package io.tidemark.metadata.image;

/**
 * A user by one SCRAM mechanism.
 *
 * @param mechanism Kafka's number: 1 for SCRAM-SHA-256, 2 for SCRAM-SHA-512
 */
public record ScramUser(String name, byte mechanism) {}
