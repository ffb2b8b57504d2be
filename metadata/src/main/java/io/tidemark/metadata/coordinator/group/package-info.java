/**
 * Consumer groups (Kafka's classic protocol) and their committed offsets, on the partitions of
 * {@code __consumer_offsets} in Kafka's record formats.
 */
@NullMarked
package io.tidemark.metadata.coordinator.group;

import org.jspecify.annotations.NullMarked;
