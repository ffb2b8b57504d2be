/** The port to a file system and the real one behind it. */
@NullMarked
package io.tidemark.log.disk;

import org.jspecify.annotations.NullMarked;
