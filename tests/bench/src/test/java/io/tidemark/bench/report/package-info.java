/** Tests of what is pure: parsing, rules, ratios, the page. */
@NullMarked
package io.tidemark.bench.report;

import org.jspecify.annotations.NullMarked;
