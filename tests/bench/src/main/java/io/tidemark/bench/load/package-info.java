/**
 * What clients do to a server, one pass after the other, with the Kafka Java client.
 *
 * <p>A {@link io.tidemark.bench.load.Load} is opened on a fresh server, which is when it makes and
 * fills its topics; then it does the same work again in each pass, until it is closed.
 */
@NullMarked
package io.tidemark.bench.load;

import org.jspecify.annotations.NullMarked;
