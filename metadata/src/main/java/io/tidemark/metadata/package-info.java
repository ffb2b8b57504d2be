/** The cluster's metadata and the coordinators of groups. */
@NullMarked
package io.tidemark.metadata;

import org.jspecify.annotations.NullMarked;
