package io.tidemark.junit;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;

/** What a parameter gets of a cluster. Pure, but for the clients it makes. */
final class Injection {
  private static final List<Class<?>> TYPES =
      List.of(
          TidemarkCluster.class,
          Admin.class,
          Producer.class,
          KafkaProducer.class,
          Consumer.class,
          KafkaConsumer.class);

  private Injection() {}

  static boolean supports(ParameterContext parameter) {
    Class<?> type = parameter.getParameter().getType();
    return TYPES.contains(type)
        || (type == String.class && parameter.isAnnotated(BootstrapServers.class));
  }

  /** Clients are closed by the context's store, those that were made last first. */
  static Object resolve(ParameterContext parameter, TidemarkCluster cluster, Store closing) {
    Class<?> type = parameter.getParameter().getType();
    if (type == TidemarkCluster.class) {
      return cluster;
    }
    if (type == String.class) {
      return cluster.bootstrapServers();
    }
    AutoCloseable client = client(type, parameter.getParameter().getParameterizedType(), cluster);
    closing.put(UUID.randomUUID(), client);
    return client;
  }

  private static AutoCloseable client(Class<?> type, Type full, TidemarkCluster cluster) {
    if (type == Admin.class) {
      return Admin.create(cluster.clientConfig(Map.of()));
    }
    Serde<?> key = serde(full, 0);
    Serde<?> value = serde(full, 1);
    if (type == Producer.class || type == KafkaProducer.class) {
      return new KafkaProducer<>(
          cluster.clientConfig(Map.of()), key.serializer(), value.serializer());
    }
    return new KafkaConsumer<>(
        cluster.consumerConfig("test-" + UUID.randomUUID()),
        key.deserializer(),
        value.deserializer());
  }

  private static Serde<?> serde(Type client, int index) {
    if (!(client instanceof ParameterizedType generic)
        || !(generic.getActualTypeArguments()[index] instanceof Class<?> type)) {
      throw new ParameterResolutionException(
          client.getTypeName()
              + " says no types of keys and values, as KafkaProducer<String, Long>");
    }
    try {
      return Serdes.serdeFrom(type);
    } catch (IllegalArgumentException e) {
      throw new ParameterResolutionException(
          "Kafka's Serdes have none for %s: make the client with TidemarkCluster.clientConfig"
              .formatted(type.getName()),
          e);
    }
  }
}
