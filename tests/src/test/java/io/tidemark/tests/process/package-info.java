/**
 * Tests against a node that runs as a process of its own, as {@code bin/tidemark server} starts it.
 */
@NullMarked
package io.tidemark.tests.process;

import org.jspecify.annotations.NullMarked;
