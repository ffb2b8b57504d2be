package io.tidemark.gateway.net;

/**
 * A place to accept Kafka connections at.
 *
 * @param name the listener's name, upper case
 * @param host interface to bind; empty for all of them
 * @param port 0 for any free one
 * @param apis what may be asked there
 */
public record Listener(String name, String host, int port, ServedApis apis) {}
