/** The node's and the topics' configuration. */
@NullMarked
package io.tidemark.gateway.config;

import org.jspecify.annotations.NullMarked;
