package io.tidemark.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class, or a single test, a Tidemark cluster of its own, which parameters of tests
 * and of their life-cycle methods are resolved from:
 *
 * <ul>
 *   <li>{@link TidemarkCluster}
 *   <li>{@link BootstrapServers @BootstrapServers} {@code String}
 *   <li>{@code Admin}
 *   <li>{@code Producer<K, V>} and {@code KafkaProducer<K, V>}, {@code Consumer<K, V>} and {@code
 *       KafkaConsumer<K, V>}, for types that Kafka's {@code Serdes} know; a consumer reads from the
 *       beginning, in a group of its own
 * </ul>
 *
 * <p>Clients that were made for a parameter are closed when the test, or the class, is over. On a
 * test an annotation takes the place of that of its class; nested classes share the cluster of the
 * class around them unless they are annotated themselves.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(AnnotatedCluster.class)
public @interface Tidemark {

  /** How many nodes there are. From three on topics have three replicas. */
  int nodes() default 1;

  /** Topics to create: {@code name}, or {@code name:partitions}. */
  String[] topics() default {};

  /** Settings of every node, as {@code name=value}, over those made for tests. */
  String[] properties() default {};

  /** Whether there is an object store: a folder, which is deleted at the end. */
  boolean store() default true;

  /** How long the cluster of an annotated class lives; that of a test lives as long as the test. */
  Lifecycle lifecycle() default Lifecycle.PER_CLASS;

  /** How long a cluster lives. */
  enum Lifecycle {
    /** All tests of the class share it. */
    PER_CLASS,
    /** Each test has a new one. */
    PER_METHOD
  }
}
