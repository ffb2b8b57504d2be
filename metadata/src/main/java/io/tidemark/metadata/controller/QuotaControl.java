package io.tidemark.metadata.controller;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.QuotaEntity;
import io.tidemark.metadata.image.QuotaEntity.Part;
import io.tidemark.metadata.image.QuotaKey;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.EntityData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.EntryData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.OpData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Changes how much clients may use. Per entity all is done or nothing; entities stand for
 * themselves.
 */
final class QuotaControl {
  /** Each is looked at when quotas change and is in every image. */
  static final int MAX_ENTITIES = 100_000;

  private static final int MAX_NAME_LENGTH = 1_024;
  private static final double ROUNDING = 1e-6;

  private QuotaControl() {}

  static Function<ClusterImage, AlterClientQuotasResponseData> alter(
      Draft draft, AlterClientQuotasRequestData request) {
    Draft target = request.validateOnly() ? draft.copy() : draft;
    Set<QuotaEntity> altered = new HashSet<>();
    List<AlterClientQuotasResponseData.EntryData> results = new ArrayList<>();
    for (EntryData entry : request.entries()) {
      results.add(result(target, entry, altered));
    }
    return _ -> new AlterClientQuotasResponseData().setEntries(results);
  }

  private static AlterClientQuotasResponseData.EntryData result(
      Draft draft, EntryData entry, Set<QuotaEntity> altered) {
    AlterClientQuotasResponseData.EntryData result =
        new AlterClientQuotasResponseData.EntryData()
            .setErrorMessage(null)
            .setEntity(
                entry.entity().stream()
                    .map(part ->
                        new AlterClientQuotasResponseData.EntityData()
                            .setEntityType(part.entityType())
                            .setEntityName(part.entityName()))
                    .toList());
    try {
      alter(draft, entry, altered);
    } catch (ApiException e) {
      result.setErrorCode(Errors.forException(e).code()).setErrorMessage(e.getMessage());
    }
    return result;
  }

  private static void alter(Draft draft, EntryData entry, Set<QuotaEntity> altered) {
    QuotaEntity entity = entity(entry.entity());
    Map<String, @Nullable Double> changes = changes(entity, entry.ops());
    if (!altered.add(entity)) {
      throw new InvalidRequestException("The request alters " + entity + " twice");
    }
    var quotas = draft.image().quotas();
    var next = quotas.with(entity, changes);
    if (next.valuesByEntity().size() > MAX_ENTITIES
        && next.valuesByEntity().size() > quotas.valuesByEntity().size()) {
      throw new PolicyViolationException(
          "There are quotas for " + MAX_ENTITIES + " entities already, and no more fit");
    }
    if (!next.equals(quotas)) {
      draft.add(new Event.ClientQuotasChanged(entity, changes));
    }
  }

  private static QuotaEntity entity(List<EntityData> parts) {
    Map<Part, Optional<String>> names = new EnumMap<>(Part.class);
    for (EntityData data : parts) {
      Part part =
          Part.ofType(data.entityType())
              .orElseThrow(() ->
                  new InvalidRequestException(
                      "There are no quotas for '%s', only for user, client-id and ip"
                          .formatted(data.entityType())));
      if (names.put(part, name(part, data.entityName())) != null) {
        throw new InvalidRequestException("The entity names two of " + part.type());
      }
    }
    if (names.isEmpty()) {
      throw new InvalidRequestException("The entity names nothing");
    }
    if (names.containsKey(Part.IP) && names.size() > 1) {
      throw new InvalidRequestException("An ip cannot be in one entity with a user or a client-id");
    }
    return new QuotaEntity(names);
  }

  private static Optional<String> name(Part part, @Nullable String name) {
    if (name == null) {
      return Optional.empty();
    }
    if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
      throw new InvalidRequestException(
          "The name of a %s has 1 to %d characters".formatted(part.type(), MAX_NAME_LENGTH));
    }
    if (part == Part.IP) {
      requireAddress(name);
    }
    return Optional.of(name);
  }

  /** Names of hosts are not looked up: the controller waits for nobody. */
  private static void requireAddress(String name) {
    try {
      InetAddress.ofLiteral(name);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException("'" + name + "' is no IP address", e);
    }
  }

  private static Map<String, @Nullable Double> changes(QuotaEntity entity, List<OpData> ops) {
    Map<String, @Nullable Double> changes = new HashMap<>();
    for (OpData op : ops) {
      QuotaKey key =
          QuotaKey.of(op.key())
              .filter(known -> known.fits(entity))
              .orElseThrow(() ->
                  new InvalidRequestException(
                      "There is no quota '%s' for %s".formatted(op.key(), entity)));
      if (changes.containsKey(key.key())) {
        throw new InvalidRequestException(
            "The request alters %s of %s twice".formatted(key.key(), entity));
      }
      if (!op.remove()) {
        validate(key, op.value());
      }
      changes.put(key.key(), op.remove() ? null : Double.valueOf(op.value()));
    }
    return Collections.unmodifiableMap(changes);
  }

  private static void validate(QuotaKey key, double value) {
    if (!(value > 0)) {
      throw new InvalidRequestException(key.key() + " must be greater than 0");
    }
    if (value > key.max()) {
      throw new InvalidRequestException("%s must be at most %.0f".formatted(key.key(), key.max()));
    }
    if (key.isWhole() && Math.abs(value % 1.0) > ROUNDING) {
      throw new InvalidRequestException(key.key() + " must be a whole number");
    }
  }
}
