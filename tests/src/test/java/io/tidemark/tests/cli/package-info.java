/** The command line against a running node. */
@NullMarked
package io.tidemark.tests.cli;

import org.jspecify.annotations.NullMarked;
