/** The HTTP port. */
@NullMarked
package io.tidemark.gateway.http;

import org.jspecify.annotations.NullMarked;
