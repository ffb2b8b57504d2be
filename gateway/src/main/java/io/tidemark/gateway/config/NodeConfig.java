package io.tidemark.gateway.config;

import io.tidemark.gateway.net.ConnectionSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The configuration a node was started with. Immutable. */
public final class NodeConfig {

  /** Reads a properties file, if there is one, and {@code key=value} overrides on top of it. */
  public static NodeConfig load(@Nullable Path file, List<String> overrides) {
    throw new UnsupportedOperationException();
  }

  /** A configuration from values in memory. */
  public static NodeConfig of(Map<String, String> values) {
    throw new UnsupportedOperationException();
  }

  public int nodeId() {
    throw new UnsupportedOperationException();
  }

  public Set<Role> roles() {
    throw new UnsupportedOperationException();
  }

  public List<QuorumVoter> quorumVoters() {
    throw new UnsupportedOperationException();
  }

  public List<Endpoint> listeners() {
    throw new UnsupportedOperationException();
  }

  public List<Endpoint> advertisedListeners() {
    throw new UnsupportedOperationException();
  }

  /** The listener other nodes use, which alone serves their APIs. */
  public String interBrokerListenerName() {
    throw new UnsupportedOperationException();
  }

  public HostPort httpListener() {
    throw new UnsupportedOperationException();
  }

  public List<Path> logDirs() {
    throw new UnsupportedOperationException();
  }

  public Path metadataLogDir() {
    throw new UnsupportedOperationException();
  }

  /** {@code file:///…} or {@code s3://bucket/prefix}; absent means hot only. */
  public Optional<String> tieringStore() {
    throw new UnsupportedOperationException();
  }

  public Optional<String> rack() {
    throw new UnsupportedOperationException();
  }

  public ConnectionSettings connectionSettings() {
    throw new UnsupportedOperationException();
  }

  /** Lines to warn with at the start. */
  public List<String> warnings() {
    throw new UnsupportedOperationException();
  }

  public int getInt(String key) {
    throw new UnsupportedOperationException();
  }

  public long getLong(String key) {
    throw new UnsupportedOperationException();
  }

  public boolean getBoolean(String key) {
    throw new UnsupportedOperationException();
  }

  public String getString(String key) {
    throw new UnsupportedOperationException();
  }

  public List<String> getList(String key) {
    throw new UnsupportedOperationException();
  }

  /** Whether the key was given a value rather than left to its default. */
  public boolean isSet(String key) {
    throw new UnsupportedOperationException();
  }
}
