/** Tests that need more than one module: the whole node, real clients, real processes. */
@NullMarked
package io.tidemark.tests;

import org.jspecify.annotations.NullMarked;
