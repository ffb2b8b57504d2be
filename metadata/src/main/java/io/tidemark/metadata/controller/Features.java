package io.tidemark.metadata.controller;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The features a new cluster starts with, and their levels. */
public final class Features {
  /** Kafka's number for 4.4: what clients may take the cluster for. */
  public static final String METADATA_VERSION = "metadata.version";

  public static final String KRAFT_VERSION = "kraft.version";

  /** Elections know eligible leader replicas (KIP-966). */
  public static final String ELIGIBLE_LEADER_REPLICAS = "eligible.leader.replicas.version";

  /** Producers get an epoch with every transaction (KIP-890). */
  public static final String TRANSACTION_VERSION = "transaction.version";

  /** What a cluster is formed with; also the greatest level this release can work with. */
  public static final Map<String, Short> INITIAL =
      Collections.unmodifiableMap(
          new TreeMap<>(
              Map.of(
                  METADATA_VERSION,
                  (short) 33,
                  KRAFT_VERSION,
                  (short) 1,
                  ELIGIBLE_LEADER_REPLICAS,
                  (short) 1,
                  TRANSACTION_VERSION,
                  (short) 2)));

  /** What may be at another level than a new cluster has it at; all others stay. */
  static final Set<String> CHANGEABLE = Set.of(TRANSACTION_VERSION);

  private Features() {}
}
