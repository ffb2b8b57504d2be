/** Following a quorum from outside, and the bytes of what is asked. */
@NullMarked
package io.tidemark.metadata.link;

import org.jspecify.annotations.NullMarked;
