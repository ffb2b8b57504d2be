package io.tidemark.tests.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.tidemark.gateway.config.ConfigurationException;
import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.node.NodeFixture;
import io.tidemark.gateway.security.tls.TestAuthority;
import io.tidemark.scenario.Scenario;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS on a node's listeners, with the Java client and certificates of the test's own authority. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EncryptionIT {
  private static final String PASSWORD = "changeit";

  private TestAuthority authority;
  private Path folder;
  private NodeFixture node;

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    folder = Files.createDirectories(home.resolve("tls"));
    authority = TestAuthority.named("Test authority");
    TestAuthority.Issued own = authority.issue("node-1", "127.0.0.1", "localhost");
    own.writePem(folder.resolve("node.pem"));
    own.writeStore(folder.resolve("node.p12"), "PKCS12", PASSWORD);
    own.writeStore(folder.resolve("node.jks"), "JKS", PASSWORD);
    authority.writePem(folder.resolve("authority.pem"));
    authority.writeStore(folder.resolve("authority.p12"), "PKCS12", PASSWORD);
    writeRevocations(TestAuthority.named("Somebody").issue("nobody"));
    node =
        new NodeFixture(home)
            .with(
                "listeners",
                "PLAINTEXT://127.0.0.1:0,PEM://127.0.0.1:0,STORE://127.0.0.1:0,OLD://127.0.0.1:0,JDK://127.0.0.1:0,MUTUAL://127.0.0.1:0,LISTED://127.0.0.1:0")
            .with(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,PEM:SSL,STORE:SSL,OLD:SSL,JDK:SSL,MUTUAL:SSL,LISTED:SSL")
            .with("tidemark.ssl.reload.interval.ms", "100")
            .with("ssl.keystore.type", "PEM")
            .with("ssl.keystore.location", folder.resolve("node.pem").toString())
            .with("listener.name.store.ssl.keystore.type", "PKCS12")
            .with("listener.name.store.ssl.keystore.location", file("node.p12"))
            .with("listener.name.store.ssl.keystore.password", PASSWORD)
            .with("listener.name.old.ssl.keystore.type", "JKS")
            .with("listener.name.old.ssl.keystore.location", file("node.jks"))
            .with("listener.name.old.ssl.keystore.password", PASSWORD)
            .with("listener.name.old.ssl.enabled.protocols", "TLSv1.2")
            .with("listener.name.jdk.tidemark.ssl.engine", "jdk")
            .with("listener.name.mutual.ssl.client.auth", "required")
            .with("listener.name.mutual.ssl.truststore.type", "PEM")
            .with("listener.name.mutual.ssl.truststore.location", file("authority.pem"))
            .with("listener.name.listed.ssl.client.auth", "required")
            .with("listener.name.listed.ssl.truststore.type", "PEM")
            .with("listener.name.listed.ssl.truststore.location", file("authority.pem"))
            .with("listener.name.listed.tidemark.ssl.crl.location", file("revoked.pem"))
            .start();
  }

  @AfterAll
  void stop() {
    node.close();
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  private SecureClient client(String listener) {
    return SecureClient.of(
        node,
        listener,
        Map.of(
            "security.protocol", "SSL",
            "ssl.truststore.type", "PEM",
            "ssl.truststore.location", file("authority.pem")));
  }

  private SecureClient withCertificate(SecureClient client, TestAuthority.Issued issued)
      throws Exception {
    return client
        .with("ssl.keystore.type", "PEM")
        .with("ssl.keystore.key", issued.keyPem())
        .with("ssl.keystore.certificate.chain", issued.chainPem());
  }

  @ParameterizedTest
  @ValueSource(strings = {"PEM", "STORE", "OLD", "JDK"})
  void recordsPassWhateverTheKeystoreAndTheEngineAre(String listener) throws Exception {
    String topic = "passes-" + listener;
    client(listener).create(topic);
    client(listener).produce(topic, "hello".getBytes(UTF_8));
    assertThat(client(listener).consume(topic, 1))
        .singleElement()
        .isEqualTo("hello".getBytes(UTF_8));
  }

  @Test
  void manyLargeRecordsComeBackAsTheyWereSent() throws Exception {
    client("PEM").create("large");
    byte[] value = new byte[300_000];
    new Random(7).nextBytes(value);
    try (KafkaProducer<byte[], byte[]> producer =
        client("PEM").with("batch.size", 900_000).with("linger.ms", 20).producer()) {
      for (int i = 0; i < 40; i++) {
        byte[] own = value.clone();
        own[0] = (byte) i;
        producer.send(new ProducerRecord<>("large", 0, null, own));
      }
    }
    List<byte[]> read = client("PEM").consume("large", 40);
    assertThat(read).hasSize(40);
    for (int i = 0; i < 40; i++) {
      assertThat(read.get(i)[0]).isEqualTo((byte) i);
      assertThat(Arrays.hashCode(Arrays.copyOfRange(read.get(i), 1, value.length)))
          .isEqualTo(Arrays.hashCode(Arrays.copyOfRange(value, 1, value.length)));
    }
  }

  @Test
  void aClientWithACertificateOfTheAuthorityIsLetInWhereOneIsDemanded() throws Exception {
    SecureClient client = withCertificate(client("MUTUAL"), authority.issue("alice"));
    client.create("mutual");
    client.produce("mutual", new byte[] {1});
    assertThat(client.consume("mutual", 1)).hasSize(1);
  }

  @Test
  @Scenario("S-190")
  void clientsWithoutWithExpiredAndWithForeignCertificatesAreNotLetIn() throws Exception {
    Instant now = Instant.now();
    TestAuthority.Issued expired =
        authority.issue("late", now.minus(9, ChronoUnit.DAYS), now.minus(1, ChronoUnit.DAYS));
    TestAuthority.Issued foreign = TestAuthority.named("Test authority").issue("alice");
    for (SecureClient client :
        List.of(
            client("MUTUAL"),
            withCertificate(client("MUTUAL"), expired),
            withCertificate(client("MUTUAL"), foreign))) {
      assertThat(failure(client)).isInstanceOf(SslAuthenticationException.class);
    }
  }

  @Test
  @Scenario("S-190")
  void aClientNoticesANodeItShouldNotTrust(@TempDir Path other) throws Exception {
    SecureClient stranger =
        client("PEM")
            .with(
                "ssl.truststore.location",
                TestAuthority.named("Another").writePem(other.resolve("another.pem")).toString());
    assertThat(failure(stranger)).isInstanceOf(SslAuthenticationException.class);
  }

  /** Replaced by renaming, so that nobody reads half of it. */
  private void writeRevocations(TestAuthority.Issued... revoked) throws Exception {
    Instant until = Instant.now().plus(1, ChronoUnit.DAYS);
    Path next =
        Files.writeString(folder.resolve("next.crl"), authority.revocations(until, revoked));
    Files.move(next, folder.resolve("revoked.pem"), StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  @Scenario("S-190")
  void aRevokedCertificateIsRefusedOnceTheListSaysSo() throws Exception {
    TestAuthority.Issued leaving = authority.issue("leaving");
    TestAuthority.Issued staying = authority.issue("staying");
    for (TestAuthority.Issued issued : List.of(leaving, staying)) {
      assertThat(failure(withCertificate(client("LISTED"), issued))).isNull();
    }
    writeRevocations(leaving);
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() ->
            assertThat(failure(withCertificate(client("LISTED"), leaving)))
                .isInstanceOf(SslAuthenticationException.class));
    assertThat(failure(withCertificate(client("LISTED"), staying))).isNull();
  }

  @Test
  @Scenario("S-190")
  void aClientNoticesANodeOfAnotherName(@TempDir Path home) throws Exception {
    authority.issue("node-1", "elsewhere.test").writePem(home.resolve("node.pem"));
    try (NodeFixture other =
        new NodeFixture(home)
            .with("listeners", "SSL://127.0.0.1:0")
            .with("ssl.keystore.type", "PEM")
            .with("ssl.keystore.location", home.resolve("node.pem").toString())
            .start()) {
      SecureClient client = client("PEM").at(other.address("SSL").toString());
      assertThat(failure(client)).isInstanceOf(SslAuthenticationException.class);
      assertThat(failure(client.with("ssl.endpoint.identification.algorithm", ""))).isNull();
    }
  }

  @Test
  @Scenario("S-190")
  void oldVersionsOfTlsAreNotSpoken() throws Exception {
    HostPort address = node.address("PEM");
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustsAll()}, null);
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(address.host(), address.port())) {
      socket.setEnabledProtocols(new String[] {"TLSv1.1"});
      assertThat(catchThrowable(socket::startHandshake)).isInstanceOf(IOException.class);
    }
  }

  private static @Nullable Throwable failure(SecureClient client) {
    return failure(client, 60_000);
  }

  private static @Nullable Throwable failure(SecureClient client, int timeoutMs) {
    try (Admin admin = client.with("default.api.timeout.ms", timeoutMs).admin()) {
      Throwable thrown = catchThrowable(() -> admin.describeCluster().nodes().get());
      return thrown == null ? null : thrown.getCause();
    }
  }

  @Test
  @Scenario({"S-171", "S-190"})
  void plaintextOnATlsPortAndTlsOnAPlaintextPortAreClosed() throws Exception {
    try (Socket socket = socket("PEM")) {
      socket.getOutputStream().write(new byte[] {0, 0, 0, 20, 0, 18, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0});
      assertThat(endOf(socket)).isTrue();
    }
    Throwable failure =
        failure(
            client("PEM")
                .with("ssl.truststore.location", file("authority.pem"))
                .with("request.timeout.ms", 5_000)
                .at(node.address("PLAINTEXT").toString()),
            5_000);
    assertThat(failure).isInstanceOfAny(SslAuthenticationException.class, TimeoutException.class);
    assertThat(client("PEM").consume("nothing-here", 0)).isEmpty();
  }

  private Socket socket(String listener) throws IOException {
    HostPort address = node.address(listener);
    Socket socket = new Socket(InetAddress.getByName(address.host()), address.port());
    socket.setSoTimeout(60_000);
    return socket;
  }

  /** Whether the node ends the connection, whatever it says before. */
  private static boolean endOf(Socket socket) throws IOException {
    try {
      while (socket.getInputStream().read() >= 0) {
        // an alert, perhaps
      }
      return true;
    } catch (java.net.SocketException e) {
      return true;
    }
  }

  @Test
  @Scenario("S-190")
  void aChangedFileIsUsedForNewConnectionsWithinSeconds() throws Exception {
    X509Certificate before = shownBy("PEM");
    authority.issue("node-1", "127.0.0.1", "localhost").writePem(folder.resolve("node.pem"));
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() ->
            assertThat(shownBy("PEM").getSerialNumber()).isNotEqualTo(before.getSerialNumber()));
    client("PEM").create("after-reload");
  }

  @Test
  @Scenario("S-190")
  void settingsOfTheListenerAreTakenOverOnceTheyAreGood() throws Exception {
    TestAuthority.Issued next = authority.issue("node-1", "127.0.0.1", "localhost");
    next.writeStore(folder.resolve("next.p12"), "PKCS12", PASSWORD);
    X509Certificate before = shownBy("STORE");
    alter(Map.of("listener.name.store.ssl.keystore.location", file("next.p12")));
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() ->
            assertThat(shownBy("STORE").getSerialNumber()).isNotEqualTo(before.getSerialNumber()));
  }

  @Test
  @Scenario("S-194")
  void certificatesThatCannotBeUsedOrLieElsewhereAreRefused(@TempDir Path elsewhere)
      throws Exception {
    X509Certificate before = shownBy("OLD");
    Files.writeString(folder.resolve("broken.jks"), "nothing of the kind");
    String other =
        authority
            .issue("node-1", "127.0.0.1", "localhost")
            .writeStore(elsewhere.resolve("node.jks"), "JKS", PASSWORD)
            .toString();
    for (String location : List.of(file("broken.jks"), other, file("missing.jks"), "/etc/passwd")) {
      Throwable refused =
          catchThrowable(() -> alter(Map.of("listener.name.old.ssl.keystore.location", location)));
      assertThat(refused).hasCauseInstanceOf(InvalidConfigurationException.class);
    }
    assertThat(shownBy("OLD")).isEqualTo(before);
    Throwable ofAll =
        catchThrowable(
            () -> alter("", Map.of("listener.name.old.ssl.keystore.location", file("node.jks"))));
    assertThat(ofAll).hasCauseInstanceOf(InvalidRequestException.class);
  }

  private void alter(Map<String, String> settings) throws Exception {
    alter("1", settings);
  }

  private void alter(String resource, Map<String, String> settings) throws Exception {
    try (Admin admin = SecureClient.of(node, "PLAINTEXT", Map.of()).admin()) {
      List<AlterConfigOp> changes =
          settings.entrySet().stream()
              .map(setting ->
                  new AlterConfigOp(
                      new ConfigEntry(setting.getKey(), setting.getValue()),
                      AlterConfigOp.OpType.SET))
              .toList();
      admin
          .incrementalAlterConfigs(
              Map.of(new ConfigResource(ConfigResource.Type.BROKER, resource), changes))
          .all()
          .get();
    }
  }

  @Test
  @Scenario("S-194")
  void whatNamesFilesOrClassesAndWhatRefersToThemIsNotChangedRemotely() {
    Map<String, String> attempts =
        Map.of(
            "listener.name.old.ssl.keystore.password", "${file:/etc/passwd}",
            "listener.name.store.ssl.truststore.certificates", "${file:/etc/passwd}",
            "sasl.jaas.config", "org.example.Module required;",
            "listener.name.pem.plain.sasl.jaas.config", "org.example.Module required;",
            "sasl.oauthbearer.jwks.endpoint.url", "file:///etc/passwd",
            "sasl.server.callback.handler.class", "org.example.Handler",
            "ssl.engine.factory.class", "org.example.Engines",
            "tidemark.bootstrap.users.file", "/etc/passwd",
            "listener.name.listed.tidemark.ssl.crl.location", "/etc/passwd",
            "tidemark.http.ssl.keystore.location", "/etc/passwd");
    attempts.forEach((key, value) -> {
      for (String resource : List.of("1", "")) {
        assertThat(catchThrowable(() -> alter(resource, Map.of(key, value))))
            .as("%s of '%s'", key, resource)
            .hasCauseInstanceOf(ApiException.class)
            .message()
            .doesNotContain("root:");
      }
    });
  }

  @Test
  void passwordsAreNotToldByAnybody() throws Exception {
    try (Admin admin = SecureClient.of(node, "PLAINTEXT", Map.of()).admin()) {
      ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, "1");
      Map<String, ConfigEntry> entries = new HashMap<>();
      admin
          .describeConfigs(List.of(resource))
          .all()
          .get()
          .get(resource)
          .entries()
          .forEach(entry -> entries.put(entry.name(), entry));
      ConfigEntry secret = entries.get("listener.name.store.ssl.keystore.password");
      assertThat(secret.isSensitive()).isTrue();
      assertThat(secret.value()).isNull();
      assertThat(entries.get("listener.name.store.ssl.keystore.location").value()).isNotEmpty();
    }
  }

  @Test
  void aNodeWhoseKeystoreCannotBeReadDoesNotStart(@TempDir Path home) throws Exception {
    NodeFixture broken =
        new NodeFixture(home)
            .with("listeners", "SSL://127.0.0.1:0")
            .with("ssl.keystore.type", "PEM")
            .with("ssl.keystore.location", home.resolve("missing.pem").toString());
    assertThat(catchThrowable(broken::start))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("The listener SSL cannot encrypt");
    broken.close();
  }

  private X509Certificate shownBy(String listener) throws Exception {
    HostPort address = node.address(listener);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustsAll()}, null);
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(address.host(), address.port())) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  private static final class TrustsAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public void checkServerTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
