/**
 * Runs on disk: one file for each case, one line of JSON for each run, written when the run ends,
 * so that a broken campaign loses one run.
 */
@NullMarked
package io.tidemark.bench.results;

import org.jspecify.annotations.NullMarked;
