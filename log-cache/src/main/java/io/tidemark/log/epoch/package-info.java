/** Which leader wrote which offsets. */
@NullMarked
package io.tidemark.log.epoch;

import org.jspecify.annotations.NullMarked;
