package io.tidemark.metadata.controller;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.image.DelegationToken;
import io.tidemark.metadata.image.QuotaEntity;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclBinding;

/**
 * Packs groups of events into entries of about {@value #ENTRY_BYTES} bytes, never splitting a
 * group. Pure.
 */
final class EntryPacker {
  static final int ENTRY_BYTES = 1 << 20;

  private EntryPacker() {}

  static List<List<Event>> pack(List<List<Event>> groups) {
    List<List<Event>> entries = new ArrayList<>();
    List<Event> entry = new ArrayList<>();
    long bytes = 0;
    for (List<Event> group : groups) {
      long size = group.stream().mapToLong(EntryPacker::roughBytes).sum();
      if (!entry.isEmpty() && bytes + size > ENTRY_BYTES) {
        entries.add(entry);
        entry = new ArrayList<>();
        bytes = 0;
      }
      entry.addAll(group);
      bytes += size;
    }
    if (!entry.isEmpty()) {
      entries.add(entry);
    }
    return entries;
  }

  static long roughBytes(Event event) {
    return switch (event) {
      case Event.TopicCreated e -> 64 + e.name().length() + partitions(e.partitions().size());
      case Event.PartitionsAdded e -> 64 + partitions(e.partitions().size());
      case Event.TopicAwaitingEmptying e -> 64 + partitions(e.topic().partitionCount());
      case Event.ConfigsChanged e ->
          64
              + e.changes().entrySet().stream()
                  .mapToLong(change ->
                      8
                          + change.getKey().length()
                          + (change.getValue() == null ? 0 : change.getValue().length()))
                  .sum();
      case Event.AclCreated e -> roughBytes(e.acl());
      case Event.AclDeleted e -> roughBytes(e.acl());
      case Event.ScramCredentialRemoved e -> 64L + e.user().name().length();
      case Event.DelegationTokenSet e -> 256 + principals(e.token());
      case Event.DelegationTokenRemoved _ -> 64;
      case Event.ScramCredentialSet e -> 256 + e.user().name().length() + e.secret().salt().length;
      case Event.ClientQuotasChanged e -> roughBytes(e.entity()) + 64L * e.changes().size();
      case Event.NodeRegistered _ -> 1_024;
      case Event.ClusterFormed _,
          Event.ControllerElected _,
          Event.NodeUnregistered _,
          Event.NodeStateChanged _,
          Event.TopicDeleted _,
          Event.PartitionChanged _,
          Event.ManifestCommitted _,
          Event.LogStartAdvanced _,
          Event.FeatureFinalised _,
          Event.ProducerIdsAllocated _,
          Event.TopicEmptied _ ->
          100;
    };
  }

  private static long roughBytes(AclBinding acl) {
    return 64L
        + acl.pattern().name().length()
        + acl.entry().principal().length()
        + acl.entry().host().length();
  }

  private static long roughBytes(QuotaEntity entity) {
    return 64L
        + entity.names().values().stream()
            .mapToLong(name -> name.map(String::length).orElse(0))
            .sum();
  }

  private static long partitions(int count) {
    return 32L * count;
  }

  private static long principals(DelegationToken token) {
    return Stream.concat(Stream.of(token.owner(), token.requester()), token.renewers().stream())
        .mapToLong(principal -> 16L + principal.getName().length())
        .sum();
  }
}
