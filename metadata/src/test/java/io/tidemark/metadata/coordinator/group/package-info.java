/** Consumer groups driven with a model clock and log. */
@NullMarked
package io.tidemark.metadata.coordinator.group;

import org.jspecify.annotations.NullMarked;
