package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.TransactionEnd;
import io.tidemark.metadata.coordinator.TransactionalProducer;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Transactional commits that are between the question whether their transaction is open and their
 * record. A marker of the producer that comes in between makes the answer worthless. Soft state of
 * one core.
 */
final class CommitTickets {
  /** Permission to commit, told by identity. */
  static final class Ticket {
    private final CommitTickets issuer;
    private final TransactionalProducer producer;
    private boolean isVoid;

    private Ticket(CommitTickets issuer, TransactionalProducer producer) {
      this.issuer = issuer;
      this.producer = producer;
    }
  }

  private final Map<Long, Map<Ticket, Boolean>> open = new HashMap<>();

  Ticket issue(TransactionalProducer producer) {
    Ticket ticket = new Ticket(this, producer);
    open.computeIfAbsent(producer.producerId(), id -> new HashMap<>()).put(ticket, true);
    return ticket;
  }

  /** The producer's transaction has ended; one of the next epoch may have begun already. */
  void end(TransactionEnd end) {
    int belowEpoch = end.producer().producerEpoch() + (end.isEpochBumped() ? 0 : 1);
    Map<Ticket, Boolean> tickets = open.getOrDefault(end.producer().producerId(), Map.of());
    tickets
        .keySet()
        .forEach(ticket -> {
          if (ticket.producer.producerEpoch() < belowEpoch) {
            ticket.isVoid = true;
          }
        });
  }

  /** Takes a ticket back; returns why nothing may be committed on it, or null. */
  @Nullable Errors redeem(Ticket ticket) {
    if (ticket.issuer != this) {
      return Errors.NOT_COORDINATOR;
    }
    open.computeIfPresent(
        ticket.producer.producerId(),
        (id, tickets) -> {
          tickets.remove(ticket);
          return tickets.isEmpty() ? null : tickets;
        });
    return ticket.isVoid ? Errors.INVALID_TXN_STATE : null;
  }
}
