package io.tidemark.metadata.coordinator.transaction;

import io.tidemark.metadata.coordinator.TransactionEnd;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * The markers that a prepared transaction needs.
 *
 * @param coordinatorPartition of __transaction_state, whose coordinator wants them
 * @param end what each of them says; its coordinator epoch is that of the partition's leader
 */
public record MarkerTask(
    int coordinatorPartition,
    String transactionalId,
    TransactionEnd end,
    Set<TopicPartition> partitions) {}
