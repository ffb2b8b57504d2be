/** Where in a segment an offset, a time or an aborted transaction is. */
@NullMarked
package io.tidemark.log.index;

import org.jspecify.annotations.NullMarked;
