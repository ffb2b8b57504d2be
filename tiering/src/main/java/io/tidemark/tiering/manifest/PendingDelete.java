package io.tidemark.tiering.manifest;

/**
 * An object that this manifest no longer needs and that may be deleted once the delete delay has
 * passed. {@code markedAtMs} is the marker's wall clock, for people: the delay is counted by
 * whoever deletes, from when it first saw the entry.
 *
 * @param key whole key of the object
 */
public record PendingDelete(String key, long markedAtMs) {}
