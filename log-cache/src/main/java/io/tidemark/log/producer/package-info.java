/** What a log remembers of its producers, so that a repeated batch is written once. */
@NullMarked
package io.tidemark.log.producer;

import org.jspecify.annotations.NullMarked;
