/** Tests of the quorum, and {@code ModelQuorum}, the quorum of simulated nodes. */
@NullMarked
package io.tidemark.metadata.quorum;

import org.jspecify.annotations.NullMarked;
