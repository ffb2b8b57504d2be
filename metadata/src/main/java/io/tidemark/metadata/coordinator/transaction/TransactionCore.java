package io.tidemark.metadata.coordinator.transaction;

import io.tidemark.metadata.coordinator.CoordinatorCore;
import io.tidemark.metadata.coordinator.CoordinatorRecord;
import io.tidemark.metadata.coordinator.Deadlines;
import io.tidemark.metadata.coordinator.Turn;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactional ids of one partition of __transaction_state, divided by what is controlled:
 * {@link ProducerInits} the producers, {@link Participants} the partitions of a transaction, {@link
 * Endings} its end, {@link Timeouts} and {@link IdExpiry} what nobody ends or uses.
 */
final class TransactionCore implements CoordinatorCore {
  private static final Logger LOG = LoggerFactory.getLogger(TransactionCore.class);

  final ProducerInits inits;
  final Participants participants;
  final Endings endings;
  final TransactionQueries queries;

  private final Place place;
  private final MarkerDelivery delivery;
  private final TransactionLedger ledger;
  private final TransactionMeters.Counts counts;
  private final SpareProducerIds ids;
  private final Timeouts timeouts;
  private final IdExpiry expiry;
  private final Deadlines deadlines = new Deadlines();

  /** Kinds of records passed over, so that each is told of once. */
  private final Set<Integer> unknownKinds = new HashSet<>();

  /**
   * Where a core is.
   *
   * @param coordinatorEpoch the leader epoch of the partition, which every marker carries
   * @param maxRecordBytes the most one record may take
   */
  record Place(int partition, int coordinatorEpoch, int maxRecordBytes) {}

  TransactionCore(
      TransactionConfig config,
      Place place,
      BooleanSupplier isCompact,
      ProducerIdSource source,
      MarkerDelivery delivery,
      CoreTeller self,
      TransactionMeters meters) {
    this.place = place;
    this.delivery = delivery;
    this.counts = meters.new Counts();
    this.ledger = new TransactionLedger(isCompact, counts);
    this.ids = new SpareProducerIds(source, self);
    SoftStates soft = new SoftStates();
    this.endings = new Endings(place, ledger, soft, ids, delivery, self, meters);
    this.inits = new ProducerInits(ledger, soft, ids, endings);
    this.participants = new Participants(place, ledger, soft);
    this.queries = new TransactionQueries(ledger);
    this.timeouts = new Timeouts(config, ledger, soft, endings, deadlines);
    this.expiry = new IdExpiry(config, ledger, soft, deadlines, meters);
  }

  TransactionLedger ledger() {
    return ledger;
  }

  SpareProducerIds ids() {
    return ids;
  }

  @Override
  public void replay(CoordinatorRecord record) {
    int kind = TransactionRecordCodec.kindOf(record);
    if (kind == TransactionRecordCodec.KEY_KIND) {
      ledger.replay(record);
    } else if (unknownKinds.add(kind)) {
      LOG.warn("Passing over records of unknown kind {}", kind);
    }
  }

  /** Prepared transactions are brought to their end; open ones have what is left of their time. */
  @Override
  public void loaded(Turn turn) {
    endings.resume(turn);
    timeouts.resume(turn);
    timeouts.schedule(turn);
    expiry.schedule(turn);
  }

  @Override
  public void wake(Turn turn) {
    deadlines.run(turn);
  }

  @Override
  public long nextDeadlineMs() {
    return deadlines.nextMs();
  }

  @Override
  public void dropped() {
    counts.clear();
    delivery.abandon(place.partition(), place.coordinatorEpoch());
  }
}
