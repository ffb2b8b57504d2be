/** What is checked of batches before they may enter a log. */
@NullMarked
package io.tidemark.log.validate;

import org.jspecify.annotations.NullMarked;
