/** Tidemark and Apache Kafka side by side. */
@NullMarked
package io.tidemark.bench;

import org.jspecify.annotations.NullMarked;
