/** That the pages of the repository lead where they say. */
@NullMarked
package io.tidemark.tests.pages;

import org.jspecify.annotations.NullMarked;
