package io.tidemark.metadata.coordinator.group;

/**
 * Who asks, and in which version of the API.
 *
 * @param clientId the client id of the request header, empty when it had none
 * @param clientHost the client's address as Kafka shows it: {@code /10.1.2.3}
 */
public record ClientContext(String clientId, String clientHost, short apiVersion) {}
