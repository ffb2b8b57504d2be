/**
 * A local or mounted folder as an object store, which is what the quickstart and single machines
 * use: an object is a file, written beside and renamed into place.
 */
@NullMarked
package io.tidemark.tiering.store.directory;

import org.jspecify.annotations.NullMarked;
