/** What happened to the cluster's metadata, and the fold of that into an image. */
@NullMarked
package io.tidemark.metadata.event;

import org.jspecify.annotations.NullMarked;
