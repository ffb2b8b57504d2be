package io.tidemark.metadata.controller;

import io.tidemark.metadata.image.TopicsImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;

/** Which topic names may be created, as in Kafka. Pure. */
final class TopicNames {
  /** Up to so many dots and underscores the possible collisions are looked up one by one. */
  private static final int MAX_ENUMERATED = 6;

  private TopicNames() {}

  /**
   * Checks a new name.
   *
   * @throws InvalidTopicException for a name that is not allowed, or that metrics could not tell
   *     from an existing one ({@code a.b} and {@code a_b})
   */
  static void check(String name, TopicsImage topics) {
    Topic.validate(name);
    collision(name, topics)
        .ifPresent(other -> {
          throw new InvalidTopicException(
              "Topic '%s' collides with existing topic: %s".formatted(name, other));
        });
  }

  private static Optional<String> collision(String name, TopicsImage topics) {
    if (!Topic.hasCollisionChars(name)) {
      return Optional.empty();
    }
    long marks = name.chars().filter(c -> c == '.' || c == '_').count();
    if (marks > MAX_ENUMERATED) {
      return topics.idsByName().keySet().stream()
          .filter(other -> !other.equals(name) && Topic.hasCollision(name, other))
          .findFirst();
    }
    return variants(name).stream()
        .filter(other -> !other.equals(name) && topics.idOf(other).isPresent())
        .findFirst();
  }

  /** The name with each dot and underscore as either. */
  private static List<String> variants(String name) {
    List<String> variants = List.of("");
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      List<String> longer = new ArrayList<>();
      for (String variant : variants) {
        if (c == '.' || c == '_') {
          longer.add(variant + '.');
          longer.add(variant + '_');
        } else {
          longer.add(variant + c);
        }
      }
      variants = longer;
    }
    return variants;
  }
}
