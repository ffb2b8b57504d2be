/**
 * Gateways in this process before brokers, asked by the real Kafka clients that reach nothing else.
 */
@NullMarked
package io.tidemark.tests.gateway;

import org.jspecify.annotations.NullMarked;
