/** Tests of what is pure: parsing, rules, ratios, the page. */
@NullMarked
package io.tidemark.bench.measure;

import org.jspecify.annotations.NullMarked;
