package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;

/** Whether whoever sent a request may speak for a node. Safe from any thread; never waits. */
@FunctionalInterface
public interface Speakers {

  boolean isNode(Request request, int nodeId);
}
