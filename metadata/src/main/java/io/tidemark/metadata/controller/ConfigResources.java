package io.tidemark.metadata.controller;

import io.tidemark.metadata.image.ClusterImage;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Which resources may be configured through the controller. Pure. */
final class ConfigResources {
  private ConfigResources() {}

  /**
   * Checks that a resource exists and is configured here.
   *
   * @throws InvalidRequestException for a kind or name that cannot be configured here
   * @throws UnknownTopicOrPartitionException for a topic that does not exist
   * @throws BrokerIdNotRegisteredException for a node that is not registered
   */
  static void check(ConfigResource resource, ClusterImage image) {
    switch (resource.type()) {
      case TOPIC -> checkTopic(resource.name(), image);
      case BROKER -> checkNode(resource.name(), image);
      case GROUP -> checkNamed(resource.name(), "Default group resources are not allowed.");
      case CLIENT_METRICS -> checkNamed(resource.name(), "Subscription name can't be empty");
      case BROKER_LOGGER, UNKNOWN ->
          throw new InvalidRequestException(
              "Unexpected resource type %s.".formatted(resource.type()));
    }
  }

  private static void checkTopic(String name, ClusterImage image) {
    if (image.topics().idOf(name).isEmpty()) {
      throw new UnknownTopicOrPartitionException("The topic '%s' does not exist.".formatted(name));
    }
  }

  private static void checkNode(String name, ClusterImage image) {
    if (name.isEmpty()) {
      return;
    }
    int id;
    try {
      id = Integer.parseInt(name);
    } catch (NumberFormatException e) {
      throw new InvalidRequestException(
          "Unable to parse broker name '%s' as a base 10 number.".formatted(name));
    }
    if (image.nodes().get(id).isEmpty()) {
      throw new BrokerIdNotRegisteredException("No broker with id %d found.".formatted(id));
    }
  }

  private static void checkNamed(String name, String message) {
    if (name.isEmpty()) {
      throw new InvalidRequestException(message);
    }
  }
}
