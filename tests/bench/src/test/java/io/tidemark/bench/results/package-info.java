/** Tests of what is pure: parsing, rules, ratios, the page. */
@NullMarked
package io.tidemark.bench.results;

import org.jspecify.annotations.NullMarked;
