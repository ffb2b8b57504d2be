/** The replicated order of events: the port, Apache Ratis behind it, and following it. */
@NullMarked
package io.tidemark.metadata.quorum;

import org.jspecify.annotations.NullMarked;
