/**
 * What clients do to a server, one pass after the other.
 *
 * <pre>
 *   Java client    JavaProduceLoad   JavaReadLoad   TailLoad (open loop; readers)   TopicCreationLoad
 *                  SteadyProducer (open loop, while servers go and come)
 *   cheap client   CheapProduceLoad  CheapReadLoad  OldDataReader                   Filling
 * </pre>
 *
 * <p>A {@link io.tidemark.bench.measure.Load} is opened on a fresh server; then it does the same
 * work again in each pass, until it is closed.
 */
@NullMarked
package io.tidemark.bench.load;

import org.jspecify.annotations.NullMarked;
