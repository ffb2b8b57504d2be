/** A clock, an executor and a log for coordinators to be driven with, in one thread. */
@NullMarked
package io.tidemark.metadata.coordinator;

import org.jspecify.annotations.NullMarked;
