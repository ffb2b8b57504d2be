/**
 * Record batches in Kafka's format v2, read and changed in place. Nothing else of Tidemark sees
 * Kafka's own record classes.
 */
@NullMarked
package io.tidemark.log.record;

import org.jspecify.annotations.NullMarked;
