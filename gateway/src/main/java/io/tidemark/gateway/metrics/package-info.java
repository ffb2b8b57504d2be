/** Meters. */
@NullMarked
package io.tidemark.gateway.metrics;

import org.jspecify.annotations.NullMarked;
