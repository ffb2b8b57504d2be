package io.tidemark.tests.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.jr.ob.JSON;
import io.tidemark.gateway.node.NodeFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The audit log of a node, in its file and its topic, of what real clients do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuditIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Path file;
  private NodeFixture node;

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    file = home.resolve("audit.log");
    Files.writeString(home.resolve("users"), "admin=admin-secret\neve=eve-secret\n");
    node =
        new NodeFixture(home)
            .with("listeners", "PLAINTEXT://127.0.0.1:0,SASL_PLAINTEXT://127.0.0.1:0")
            .with("inter.broker.listener.name", "PLAINTEXT")
            .with("sasl.enabled.mechanisms", "SCRAM-SHA-256")
            .with("tidemark.bootstrap.users.file", home.resolve("users").toString())
            .with(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
            .with("super.users", "User:admin;User:ANONYMOUS")
            .with("tidemark.audit.file", file.toString())
            .with("tidemark.audit.topic", "audit")
            .start();
    client("admin", "admin-secret").create("secret");
  }

  @AfterAll
  void stop() {
    node.close();
  }

  private SecureClient client(String user, String password) {
    return SecureClient.of(
        node,
        "SASL_PLAINTEXT",
        Map.of(
            "security.protocol", "SASL_PLAINTEXT",
            "sasl.mechanism", "SCRAM-SHA-256",
            "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                    .formatted(user, password)));
  }

  private List<Map<String, Object>> events() throws IOException {
    List<Map<String, Object>> events = new ArrayList<>();
    for (String line : Files.readAllLines(file, UTF_8)) {
      events.add(JSON.std.mapFrom(line));
    }
    return events;
  }

  private void awaitEvent(Map<String, Object> fields) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(events())
                .anySatisfy(event -> assertThat(event).containsAllEntriesOf(fields)));
  }

  @Test
  void loginsAreToldWhetherTheySucceedOrNot() throws Exception {
    try (Admin admin = client("admin", "wrong").with("default.api.timeout.ms", 60_000).admin()) {
      assertThat(catchThrowable(() -> admin.describeCluster().nodes().get())).isNotNull();
    }
    awaitEvent(
        Map.of(
            "event", "authentication",
            "result", "succeeded",
            "principal", "User:admin",
            "listener", "SASL_PLAINTEXT"));
    awaitEvent(
        Map.of(
            "event", "authentication",
            "result", "failed",
            "reason", "it failed to authenticate by SCRAM-SHA-256"));
  }

  @Test
  void refusalsNameWhatWasAskedFor() {
    assertThat(catchThrowable(() -> client("eve", "eve-secret").produce("secret", new byte[1])))
        .isNotNull();
    awaitEvent(
        Map.of(
            "event", "denial",
            "principal", "User:eve",
            "error", "TOPIC_AUTHORIZATION_FAILED",
            "asked", List.of(Map.of("operation", "describe", "type", "topic", "name", "secret"))));
    assertThat(catchThrowable(() -> client("eve", "eve-secret").consume("secret", 1)))
        .isInstanceOf(TopicAuthorizationException.class);
  }

  @Test
  void changesAreToldWithWhoMadeThemAndWithoutValues() throws Exception {
    try (Admin admin = client("admin", "admin-secret").admin()) {
      admin.createTopics(List.of(new NewTopic("orders", 2, (short) 1))).all().get();
      assertThat(
              catchThrowable(() ->
                  admin.createTopics(List.of(new NewTopic("orders", 1, (short) 1))).all().get()))
          .isNotNull();
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, "orders"),
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry("retention.ms", "77777"), AlterConfigOp.OpType.SET))))
          .all()
          .get();
      admin
          .createAcls(
              List.of(
                  new AclBinding(
                      new ResourcePattern(ResourceType.TOPIC, "orders", PatternType.LITERAL),
                      new AccessControlEntry(
                          "User:bob\n{}", "*", AclOperation.READ, AclPermissionType.ALLOW))))
          .all()
          .get();
      admin.deleteTopics(List.of("orders")).all().get();
    }
    Map<String, Object> creation =
        Map.of("event", "change", "api", "CreateTopics", "name", "orders", "type", "topic");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(events())
                .anySatisfy(event ->
                    assertThat(event)
                        .containsAllEntriesOf(creation)
                        .containsEntry("result", "succeeded")
                        .containsEntry("principal", "User:admin"))
                .anySatisfy(event ->
                    assertThat(event)
                        .containsAllEntriesOf(creation)
                        .containsEntry("error", "TOPIC_ALREADY_EXISTS")));
    awaitEvent(
        Map.of(
            "api", "IncrementalAlterConfigs",
            "type", "topic config",
            "name", "orders",
            "detail", "set retention.ms"));
    awaitEvent(
        Map.of(
            "api", "CreateAcls",
            "name", "orders",
            "detail", "create: allow User:bob\n{} to read this topic from *"));
    awaitEvent(Map.of("api", "DeleteTopics", "name", "orders", "detail", "delete"));
    assertThat(Files.readString(file)).doesNotContain("77777", "admin-secret", "eve-secret");
  }

  @Test
  void theTopicHasTheSameEvents() {
    awaitEvent(Map.of("api", "CreateTopics", "name", "secret"));
    List<String> records =
        client("admin", "admin-secret").consume("audit", 1).stream()
            .map(bytes -> new String(bytes, UTF_8))
            .toList();
    assertThat(records).isNotEmpty().allSatisfy(line -> JSON.std.mapFrom(line));
  }
}
