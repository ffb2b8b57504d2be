/** Who decides about the cluster's metadata. */
@NullMarked
package io.tidemark.metadata.controller;

import org.jspecify.annotations.NullMarked;
