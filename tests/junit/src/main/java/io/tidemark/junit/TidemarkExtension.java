package io.tidemark.junit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A Tidemark cluster for the tests of a class, built in code:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final TidemarkExtension tidemark =
 *     TidemarkExtension.builder().nodes(3).topic("orders", 6).build();
 * }</pre>
 *
 * <p>In a static field the cluster lives as long as the class's tests, in one of the instance as
 * long as each test. Classes that inherit one static field and run at the same time share its
 * cluster. Parameters are resolved as {@link Tidemark} says. Safe from any thread.
 */
public final class TidemarkExtension
    implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {
  private final Namespace namespace = Namespace.create(TidemarkExtension.class, this);
  private final ClusterPlan plan;

  /** Guarded by this. */
  private @Nullable TidemarkCluster cluster;

  /** Contexts that are not over; the cluster runs while there are any. Guarded by this. */
  private int leases;

  private TidemarkExtension(ClusterPlan plan) {
    this.plan = plan;
  }

  /** A cluster of one node with a folder as its object store, unless more is said. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The running cluster.
   *
   * @throws IllegalStateException before the first and after the last test
   */
  public synchronized TidemarkCluster cluster() {
    TidemarkCluster running = cluster;
    if (running == null) {
      throw new IllegalStateException("The cluster runs during tests only");
    }
    return running;
  }

  /** Where its nodes are, for clients. */
  public String bootstrapServers() {
    return cluster().bootstrapServers();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    lease(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    lease(context);
  }

  private synchronized void lease(ExtensionContext context) {
    if (cluster == null) {
      cluster = TidemarkCluster.start(plan);
    }
    leases++;
    AutoCloseable lease = this::release;
    context.getStore(namespace).put("lease", lease);
  }

  private synchronized void release() {
    leases--;
    TidemarkCluster running = cluster;
    if (leases == 0 && running != null) {
      cluster = null;
      running.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return Injection.supports(parameter);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return Injection.resolve(parameter, cluster(), context.getStore(namespace));
  }

  /** Used by one thread. */
  public static final class Builder {
    private final Map<String, String> properties = new LinkedHashMap<>();
    private final List<NewTopic> topics = new ArrayList<>();
    private int nodes = 1;
    private boolean hasStore = true;

    private Builder() {}

    /** How many nodes there are, with ids from 1. From three on topics have three replicas. */
    @CanIgnoreReturnValue
    public Builder nodes(int count) {
      nodes = count;
      return this;
    }

    /** A setting of every node, over those made for tests. */
    @CanIgnoreReturnValue
    public Builder property(String name, String value) {
      properties.put(name, value);
      return this;
    }

    /** Settings of every node, over those made for tests. */
    @CanIgnoreReturnValue
    public Builder properties(Map<String, String> more) {
      properties.putAll(more);
      return this;
    }

    /** A topic to create before the first test. */
    @CanIgnoreReturnValue
    public Builder topic(String name, int partitions) {
      topics.add(ClusterPlan.topic(name, partitions));
      return this;
    }

    /** A topic to create before the first test, with all that Kafka lets one say. */
    @CanIgnoreReturnValue
    public Builder topic(NewTopic topic) {
      topics.add(topic);
      return this;
    }

    /** Without an object store: everything stays in the nodes' folders. */
    @CanIgnoreReturnValue
    public Builder withoutStore() {
      hasStore = false;
      return this;
    }

    public TidemarkExtension build() {
      return new TidemarkExtension(new ClusterPlan(nodes, properties, topics, hasStore));
    }
  }
}
