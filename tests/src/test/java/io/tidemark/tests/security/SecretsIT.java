package io.tidemark.tests.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.tidemark.gateway.cli.Tidemark;
import io.tidemark.tests.process.NodeProcess;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.security.token.delegation.DelegationToken;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node that logs all it can, with secrets of every kind in its settings, and clients that log in
 * rightly and wrongly: none of the secrets is in anything that is shown of it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecretsIT {
  private static final String MODULES = "org.apache.kafka.common.security.";
  private static final String HTTP_TOKEN = "hush-http-0123456789";
  private static final Pattern SASL = Pattern.compile("SASL_PLAINTEXT://([^,\\s]+)");

  private final List<String> secrets =
      new ArrayList<>(
          List.of(
              "hush-plain",
              "hush-scram",
              "hush-wrong",
              "hush-keystore",
              "hush-token-key",
              "hush-store",
              "hush-issuer",
              HTTP_TOKEN));

  private NodeProcess node;
  private String sasl = "";

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    node = new NodeProcess(home);
    String ready =
        node.with(
                "listeners",
                "PLAINTEXT://%s,SASL_PLAINTEXT://127.0.0.1:0".formatted(node.bootstrapServer()))
            .with("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256")
            .with(
                "listener.name.sasl_plaintext.plain.sasl.jaas.config",
                MODULES + "plain.PlainLoginModule required user_alice=\"hush-plain\";")
            .with("ssl.keystore.password", "hush-keystore")
            .with("delegation.token.secret.key", "hush-token-key")
            .with("tiering.s3.secret.access.key", "hush-store")
            .with("sasl.oauthbearer.client.credentials.client.secret", "hush-issuer")
            .with("tidemark.http.auth.token", HTTP_TOKEN)
            .with("tidemark.audit.file", home.resolve("audit.log").toString())
            .start();
    Matcher listener = SASL.matcher(ready);
    assertThat(listener.find()).as(ready).isTrue();
    sasl = listener.group(1);
    shown("config", "alter", "--loggers", "1", "--set", "root=TRACE");
    shown("config", "alter", "--loggers", "1", "--set", "org.apache.kafka=TRACE");
    comeAndGo();
  }

  @AfterAll
  void stop() {
    node.close();
  }

  private void comeAndGo() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", node.bootstrapServer()))) {
      ScramCredentialInfo info = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096);
      admin
          .alterUserScramCredentials(
              List.of(new UserScramCredentialUpsertion("bob", info, "hush-scram")))
          .all()
          .get();
    }
    try (Admin alice = client("PLAIN", "plain.Plain", "alice", "hush-plain");
        Admin bob = client("SCRAM-SHA-256", "scram.Scram", "bob", "hush-scram")) {
      alice.describeCluster().nodes().get();
      DelegationToken token = bob.createDelegationToken().delegationToken().get();
      secrets.add(token.hmacAsBase64String());
      bob.renewDelegationToken(token.hmac()).expiryTimestamp().get();
    }
    for (String[] wrong :
        new String[][] {
          {"PLAIN", "plain.Plain", "alice"}, {"SCRAM-SHA-256", "scram.Scram", "bob"}
        }) {
      try (Admin stranger = client(wrong[0], wrong[1], wrong[2], "hush-wrong")) {
        assertThat(catchThrowable(() -> stranger.describeCluster().nodes().get())).isNotNull();
      }
    }
  }

  private Admin client(String mechanism, String module, String user, String password) {
    return Admin.create(
        Map.of(
            "bootstrap.servers",
            sasl,
            "security.protocol",
            "SASL_PLAINTEXT",
            "sasl.mechanism",
            mechanism,
            "sasl.jaas.config",
            "%s%sLoginModule required username=\"%s\" password=\"%s\";"
                .formatted(MODULES, module, user, password)));
  }

  /** What a command of the tool shows on both of its outputs. */
  private String shown(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--bootstrap-server", node.bootstrapServer()));
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text, true);
    assertThat(Tidemark.execute(out, out, all.toArray(String[]::new))).as(text::toString).isZero();
    return text.toString();
  }

  /** Each with something that it has to show, so that it is what it is taken for. */
  @TestFactory
  List<DynamicTest> nothingThatIsShownHasASecret() {
    return List.of(
        shows("support output", "ssl.keystore.password", () -> shown("support")),
        shows(
            "support output as JSON",
            "settingsOfNode1",
            () -> shown("support", "--output", "json")),
        shows("config describe", "(hidden)", () -> shown("config", "describe", "--node", "1")),
        shows("DescribeConfigs", "tidemark.http.auth.token", this::described),
        shows("log", "ScramSaslServer", () -> Files.readString(node.home().resolve("node-1.log"))),
        shows("audit log", "bob", () -> Files.readString(node.home().resolve("audit.log"))),
        shows("metrics", "tidemark_connections_closed", () -> answered("/metrics")),
        shows("console", "nodes", () -> answered("/v1/cluster")),
        shows("console's events", "events", () -> answered("/v1/events")));
  }

  /** Looks at what the node shows. */
  @FunctionalInterface
  private interface Look {
    String at() throws Exception;
  }

  private DynamicTest shows(String what, String known, Look look) {
    return DynamicTest.dynamicTest(
        what,
        () -> {
          String text = look.at();
          assertThat(text).contains(known);
          assertThat(secrets)
              .noneMatch(text::contains)
              .noneMatch(secret -> text.contains(base64(secret)));
        });
  }

  private static String base64(String secret) {
    return Base64.getEncoder().withoutPadding().encodeToString(secret.getBytes(UTF_8));
  }

  private String described() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", node.bootstrapServer()))) {
      ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, "1");
      return admin.describeConfigs(List.of(resource)).all().get().toString();
    }
  }

  private String answered(String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://" + node.http() + path))
              .header("Authorization", "Bearer " + HTTP_TOKEN)
              .build();
      HttpResponse<String> response =
          client.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
      assertThat(response.statusCode()).isEqualTo(200);
      return response.body();
    }
  }
}
