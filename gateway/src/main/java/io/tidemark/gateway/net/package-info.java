/** Frames and connections. */
@NullMarked
package io.tidemark.gateway.net;

import org.jspecify.annotations.NullMarked;
