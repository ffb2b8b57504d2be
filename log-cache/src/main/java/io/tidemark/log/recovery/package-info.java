/** Finding out, at start, what a log holds. */
@NullMarked
package io.tidemark.log.recovery;

import org.jspecify.annotations.NullMarked;
