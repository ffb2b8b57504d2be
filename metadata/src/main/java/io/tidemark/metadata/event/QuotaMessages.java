package io.tidemark.metadata.event;

import io.tidemark.metadata.image.QuotaEntity;
import io.tidemark.metadata.image.QuotaEntity.Part;
import io.tidemark.metadata.proto.ClientQuotasChangedMessage;
import io.tidemark.metadata.proto.QuotaMessage;
import io.tidemark.metadata.proto.QuotaNameMessage;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Quotas of clients as protobuf, both ways. */
final class QuotaMessages {
  private QuotaMessages() {}

  static ClientQuotasChangedMessage of(Event.ClientQuotasChanged event) {
    ClientQuotasChangedMessage.Builder message = ClientQuotasChangedMessage.newBuilder();
    event
        .entity()
        .names()
        .forEach((part, name) -> {
          QuotaNameMessage.Builder of = QuotaNameMessage.newBuilder();
          name.ifPresent(of::setName);
          switch (part) {
            case USER -> message.setUser(of);
            case CLIENT_ID -> message.setClientId(of);
            case IP -> message.setIp(of);
          }
        });
    new TreeMap<>(event.changes())
        .forEach((key, value) -> {
          QuotaMessage.Builder quota = QuotaMessage.newBuilder().setKey(key);
          if (value != null) {
            quota.setValue(value);
          }
          message.addQuotas(quota);
        });
    return message.build();
  }

  /** Throws {@link IllegalArgumentException} when it is for nobody. */
  static Event.ClientQuotasChanged read(ClientQuotasChangedMessage message) {
    Map<Part, Optional<String>> names = new EnumMap<>(Part.class);
    if (message.hasUser()) {
      names.put(Part.USER, name(message.getUser()));
    }
    if (message.hasClientId()) {
      names.put(Part.CLIENT_ID, name(message.getClientId()));
    }
    if (message.hasIp()) {
      names.put(Part.IP, name(message.getIp()));
    }
    if (names.isEmpty()) {
      throw new IllegalArgumentException("a quota for nobody");
    }
    Map<String, @Nullable Double> changes = new HashMap<>();
    for (QuotaMessage quota : message.getQuotasList()) {
      changes.put(quota.getKey(), quota.hasValue() ? quota.getValue() : null);
    }
    return new Event.ClientQuotasChanged(
        new QuotaEntity(names), Collections.unmodifiableMap(changes));
  }

  private static Optional<String> name(QuotaNameMessage message) {
    return message.hasName() ? Optional.of(message.getName()) : Optional.empty();
  }
}
