/** The extension, as other projects' tests use it. */
@NullMarked
package io.tidemark.junit;

import org.jspecify.annotations.NullMarked;
