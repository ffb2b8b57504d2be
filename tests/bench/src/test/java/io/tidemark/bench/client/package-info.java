/** Tests of the load clients. */
@NullMarked
package io.tidemark.bench.client;

import org.jspecify.annotations.NullMarked;
