package io.tidemark.gateway.console;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** Asks a node, this one or another, with one of Kafka's messages. Safe from any thread. */
@FunctionalInterface
public interface NodeAnswers {

  /** The body of its answer. Completes in bounded time; fails where the node cannot be asked. */
  CompletableFuture<ApiMessage> ask(int nodeId, ApiKeys key, ApiMessage request);
}
