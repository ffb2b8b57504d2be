/** One file of a log, its names and how it is kept open. */
@NullMarked
package io.tidemark.log.segment;

import org.jspecify.annotations.NullMarked;
