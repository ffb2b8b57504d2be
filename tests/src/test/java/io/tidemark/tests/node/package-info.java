/** Nodes in this process, asked by the real Kafka clients over sockets. */
@NullMarked
package io.tidemark.tests.node;

import org.jspecify.annotations.NullMarked;
