/** The hot log of a partition, and the folders that hold many. */
@NullMarked
package io.tidemark.log.partition;

import org.jspecify.annotations.NullMarked;
