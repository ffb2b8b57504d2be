package io.tidemark.tests.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.tidemark.gateway.cli.Tidemark;
import io.tidemark.gateway.node.NodeFixture;
import io.tidemark.gateway.security.tls.TestAuthority;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A node's HTTP port with TLS and credentials, by a plain client and by the command line. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpPortIT {
  private static final String PASSWORD = "changeit";
  private static final String TOKEN = "scrape-0123456789-token";

  private TestAuthority authority;
  private Path folder;
  private NodeFixture node;
  private SSLContext trusting;

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    folder = Files.createDirectories(home.resolve("tls"));
    authority = TestAuthority.named("Test authority");
    authority.issue("node-1", "127.0.0.1").writePem(folder.resolve("node.pem"));
    authority.writePem(folder.resolve("authority.pem"));
    Path truststore = authority.writeStore(folder.resolve("authority.p12"), "PKCS12", PASSWORD);
    Files.writeString(folder.resolve("secrets"), "users=ops:ops-secret\n");
    trusting = trusting(truststore);
    node =
        new NodeFixture(home)
            .with("tidemark.http.security.protocol", "SSL")
            .with("tidemark.http.ssl.keystore.type", "PEM")
            .with("tidemark.http.ssl.keystore.location", folder.resolve("node.pem").toString())
            .with("tidemark.ssl.reload.interval.ms", "100")
            .with("tidemark.http.auth.users", "${file:" + folder.resolve("secrets") + ":users}")
            .with("tidemark.http.auth.metrics.token", TOKEN)
            .start();
  }

  private static SSLContext trusting(Path truststore) throws Exception {
    KeyStore store = KeyStore.getInstance(truststore.toFile(), PASSWORD.toCharArray());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  @AfterAll
  void stop() {
    node.close();
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri("https", path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try (HttpClient client = HttpClient.newBuilder().sslContext(trusting).build()) {
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }

  private URI uri(String scheme, String path) {
    return URI.create(scheme + "://127.0.0.1:" + node.http().port() + path);
  }

  private static String basic(String both) {
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void probesAreOpenMetricsHaveATokenAndTheRestIsForUsers() throws Exception {
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    assertThat(get("/metrics").statusCode()).isEqualTo(401);
    assertThat(get("/v1/tier").statusCode()).isEqualTo(401);
    assertThat(get("/metrics", "Authorization", "Bearer " + TOKEN).body()).contains("jvm_");
    assertThat(get("/v1/tier", "Authorization", "Bearer " + TOKEN).statusCode()).isEqualTo(401);
    assertThat(get("/v1/tier", "Authorization", basic("ops:guess")).statusCode()).isEqualTo(401);
    assertThat(get("/v1/tier", "Authorization", basic("ops:ops-secret")).body())
        .contains("\"topics\"");
  }

  @Test
  void plainTextIsNotUnderstood() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(uri("http", "/livez")).build();
      assertThat(catchThrowable(() -> client.send(request, BodyHandlers.ofString())))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aChangedCertificateIsUsedForNewConnections() throws Exception {
    BigInteger before = serial();
    authority.issue("node-1", "127.0.0.1").writePem(folder.resolve("node.pem"));
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> assertThat(serial()).isNotEqualTo(before));
  }

  private BigInteger serial() throws Exception {
    return ((X509Certificate) get("/livez").sslSession().orElseThrow().getPeerCertificates()[0])
        .getSerialNumber();
  }

  @Test
  void credentialsAreNotToldByDescriptions() throws Exception {
    try (Admin admin = node.admin()) {
      ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, "1");
      var config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
      for (String key : List.of("tidemark.http.auth.users", "tidemark.http.auth.metrics.token")) {
        assertThat(config.get(key).isSensitive()).as(key).isTrue();
        assertThat(config.get(key).value()).as(key).isNull();
      }
      assertThat(config.toString()).doesNotContain("ops-secret", TOKEN);
    }
  }

  @Test
  void theCommandLineAsksWithCredentialsOfAFile() throws Exception {
    Path file = folder.resolve("ops.properties");
    Map<String, String> settings =
        Map.of(
            "tidemark.http.user", "ops",
            "tidemark.http.password", "ops-secret",
            "ssl.truststore.type", "PEM",
            "ssl.truststore.location", folder.resolve("authority.pem").toString());
    Files.write(
        file, settings.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
    assertThat(status(file)).isZero();
    Files.writeString(file, "tidemark.http.user=ops\ntidemark.http.password=ops-secret\n");
    assertThat(status(file)).as("of an authority nobody trusts").isEqualTo(3);
    Files.write(
        file,
        List.of(
            "ssl.truststore.type=PEM",
            "ssl.truststore.location=" + folder.resolve("authority.pem")));
    assertThat(status(file)).as("without credentials").isEqualTo(1);
  }

  private int status(Path commandConfig) {
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    return Tidemark.execute(
        nowhere,
        nowhere,
        "tier",
        "status",
        "--http",
        "https://127.0.0.1:" + node.http().port(),
        "--command-config",
        commandConfig.toString());
  }
}
