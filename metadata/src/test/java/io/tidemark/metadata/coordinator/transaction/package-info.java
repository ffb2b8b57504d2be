/** Tests of the transaction coordinator, on a model log and clock. */
@NullMarked
package io.tidemark.metadata.coordinator.transaction;

import org.jspecify.annotations.NullMarked;
