package io.tidemark.metadata.image;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Whom a quota is for: a user, a client id, both together, or an address.
 *
 * @param names by what is named; empty for everybody of that kind who has no quota under its own
 *     name
 */
public record QuotaEntity(Map<Part, Optional<String>> names) {

  /** What an entity names, by Kafka's words for it. */
  public enum Part {
    USER("user"),
    CLIENT_ID("client-id"),
    IP("ip");

    private final String type;

    Part(String type) {
      this.type = type;
    }

    /** The entity type in Kafka's protocol. */
    public String type() {
      return type;
    }

    public static Optional<Part> ofType(String type) {
      return Arrays.stream(values()).filter(part -> part.type.equals(type)).findFirst();
    }
  }

  public QuotaEntity {
    names = Map.copyOf(names);
  }

  public static QuotaEntity of(Part part, Optional<String> name) {
    return new QuotaEntity(Map.of(part, name));
  }

  /** A user while it uses one client id. */
  public static QuotaEntity of(Optional<String> user, Optional<String> clientId) {
    return new QuotaEntity(Map.of(Part.USER, user, Part.CLIENT_ID, clientId));
  }

  public boolean has(Part part) {
    return names.containsKey(part);
  }

  @Override
  public String toString() {
    return new TreeMap<>(names)
        .entrySet().stream()
            .map(name -> name.getKey().type() + " " + name.getValue().orElse("<default>"))
            .collect(Collectors.joining(", "));
  }
}
