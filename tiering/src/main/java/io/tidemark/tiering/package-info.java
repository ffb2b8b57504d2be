/** The cold tier: closed segments in an object store. */
@NullMarked
package io.tidemark.tiering;

import org.jspecify.annotations.NullMarked;
