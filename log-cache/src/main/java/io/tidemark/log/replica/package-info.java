/** A partition's replica: leader, follower or offline. */
@NullMarked
package io.tidemark.log.replica;

import org.jspecify.annotations.NullMarked;
