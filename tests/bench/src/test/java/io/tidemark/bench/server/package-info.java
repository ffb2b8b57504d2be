/** Tests of homes. */
@NullMarked
package io.tidemark.bench.server;

import org.jspecify.annotations.NullMarked;
