/** Tests of what is pure: parsing, rules, ratios, the page. */
@NullMarked
package io.tidemark.bench.machine;

import org.jspecify.annotations.NullMarked;
