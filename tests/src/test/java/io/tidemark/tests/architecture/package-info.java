/** What may know what: the directions of {@code docs/architecture.md}, held by tests. */
@NullMarked
package io.tidemark.tests.architecture;

import org.jspecify.annotations.NullMarked;
