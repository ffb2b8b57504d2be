/** Tests of events, their bytes and their fold. */
@NullMarked
package io.tidemark.metadata.event;

import org.jspecify.annotations.NullMarked;
