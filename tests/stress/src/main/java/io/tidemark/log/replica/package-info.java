/**
 * The partition's queue and the watches of a replica under jcstress: in the package of what is
 * tested, because nobody else may see it.
 */
package io.tidemark.log.replica;
