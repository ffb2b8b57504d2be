/**
 * Reads everything back: quorum's pointer, manifest, leaves, every object's parts and batches.
 * Finds what is missing, corrupt, not contiguous or not referenced; changes nothing.
 */
@NullMarked
package io.tidemark.tiering.verify;

import org.jspecify.annotations.NullMarked;
