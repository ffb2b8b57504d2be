package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.metadata.controller.Controller;
import io.tidemark.metadata.image.QuotaEntity;
import io.tidemark.metadata.image.QuotaEntity.Part;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData.ComponentData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData.EntityData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData.EntryData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData.ValueData;
import org.apache.kafka.common.requests.DescribeClientQuotasRequest;

/** DescribeClientQuotas, answered from this node's image, and AlterClientQuotas. */
public final class ClientQuotaHandlers {
  private final ClusterView cluster;
  private final Controller controller;

  public ClientQuotaHandlers(ClusterView cluster, Controller controller) {
    this.cluster = cluster;
    this.controller = controller;
  }

  public void alter(Request request, Responder responder) {
    AlterClientQuotasRequestData asked = (AlterClientQuotasRequestData) request.body().data();
    Answers.when(controller.alterClientQuotas(asked), request, responder);
  }

  public void describe(Request request, Responder responder) {
    DescribeClientQuotasRequestData asked = (DescribeClientQuotasRequestData) request.body().data();
    Map<Part, ComponentData> filter = filter(asked.components());
    List<EntryData> entries = new ArrayList<>();
    cluster
        .image()
        .quotas()
        .valuesByEntity()
        .forEach((entity, values) -> {
          if (matches(entity, filter, asked.strict())) {
            entries.add(entry(entity, values));
          }
        });
    responder.respond(new DescribeClientQuotasResponseData().setEntries(entries));
  }

  private static Map<Part, ComponentData> filter(List<ComponentData> components) {
    Map<Part, ComponentData> filter = new EnumMap<>(Part.class);
    for (ComponentData component : components) {
      if (component.entityType().isEmpty()) {
        throw new InvalidRequestException("A part of the filter names no type of entity");
      }
      Part part =
          Part.ofType(component.entityType())
              .orElseThrow(() ->
                  new UnsupportedVersionException(
                      "There are no quotas for '" + component.entityType() + "'"));
      requireMatch(component);
      if (filter.put(part, component) != null) {
        throw new InvalidRequestException("The filter names " + part.type() + " twice");
      }
    }
    if (filter.containsKey(Part.IP) && filter.size() > 1) {
      throw new InvalidRequestException(
          "A filter by ip cannot be one by user or client-id as well");
    }
    return filter;
  }

  private static void requireMatch(ComponentData component) {
    boolean isValid =
        switch (component.matchType()) {
          case DescribeClientQuotasRequest.MATCH_TYPE_EXACT -> component.match() != null;
          case DescribeClientQuotasRequest.MATCH_TYPE_DEFAULT,
              DescribeClientQuotasRequest.MATCH_TYPE_SPECIFIED ->
              component.match() == null;
          default -> false;
        };
    if (!isValid) {
      throw new InvalidRequestException(
          "The filter by %s has match type %d with %s name"
              .formatted(
                  component.entityType(),
                  component.matchType(),
                  component.match() == null ? "no" : "a"));
    }
  }

  /** Strict: the entity names nothing that the filter does not. */
  private static boolean matches(
      QuotaEntity entity, Map<Part, ComponentData> filter, boolean isStrict) {
    return filter.entrySet().stream()
            .allMatch(part ->
                entity.has(part.getKey())
                    && matches(
                        part.getValue(),
                        entity.names().getOrDefault(part.getKey(), Optional.empty())))
        && (!isStrict || entity.names().size() == filter.size());
  }

  private static boolean matches(ComponentData component, Optional<String> name) {
    return switch (component.matchType()) {
      case DescribeClientQuotasRequest.MATCH_TYPE_EXACT ->
          name.isPresent() && name.get().equals(component.match());
      case DescribeClientQuotasRequest.MATCH_TYPE_DEFAULT -> name.isEmpty();
      default -> true;
    };
  }

  private static EntryData entry(QuotaEntity entity, Map<String, Double> values) {
    EntryData entry = new EntryData();
    entity
        .names()
        .forEach((part, name) ->
            entry
                .entity()
                .add(new EntityData().setEntityType(part.type()).setEntityName(name.orElse(null))));
    values.forEach((key, value) -> entry.values().add(new ValueData().setKey(key).setValue(value)));
    return entry;
  }
}
