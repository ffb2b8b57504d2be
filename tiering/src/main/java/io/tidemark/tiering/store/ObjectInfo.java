package io.tidemark.tiering.store;

/** What a store tells about an object without its bytes. */
public record ObjectInfo(String key, long sizeBytes) {}
