/**
 * Fetch sessions under jcstress: in the package of what is tested, because nobody else may see it.
 */
package io.tidemark.gateway.fetch;
