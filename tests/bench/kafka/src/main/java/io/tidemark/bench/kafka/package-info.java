/** What the peer needs that is not published: a cold tier in a folder. */
@NullMarked
package io.tidemark.bench.kafka;

import org.jspecify.annotations.NullMarked;
