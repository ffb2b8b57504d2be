package io.tidemark.gateway.net;

/**
 * The limits of Kafka connections, from the node's configuration.
 *
 * @param requestMaxBytes largest frame ({@code socket.request.max.bytes})
 * @param queuedMaxBytes memory of all unfinished and unanswered frames of the node
 * @param backlog connections the kernel may hold for us ({@code socket.listen.backlog.size})
 * @param sendBufferBytes kernel buffer, −1 leaves it to the kernel
 * @param receiveBufferBytes kernel buffer, −1 leaves it to the kernel
 * @param maxIdleMs a connection that is silent longer and owed nothing is closed
 * @param receiveTimeoutMs longest time a begun frame may trickle in below 32 KiB/s
 * @param writeTimeoutMs longest time a client may read nothing of what it is owed
 * @param quotas how many there may be
 */
public record ConnectionSettings(
    int requestMaxBytes,
    long queuedMaxBytes,
    int backlog,
    int sendBufferBytes,
    int receiveBufferBytes,
    long maxIdleMs,
    long receiveTimeoutMs,
    long writeTimeoutMs,
    ConnectionQuotas quotas) {}
