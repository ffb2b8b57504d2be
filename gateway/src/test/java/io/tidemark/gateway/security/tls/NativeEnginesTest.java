package io.tidemark.gateway.security.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslEngine;
import io.netty.util.ReferenceCountUtil;
import io.tidemark.gateway.config.ListenerSettings;
import io.tidemark.gateway.config.NodeConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which engines a listener has. */
class NativeEnginesTest {
  @TempDir Path home;

  @BeforeEach
  void writeKeys() throws Exception {
    TestAuthority.named("Test authority")
        .issue("node-1", "127.0.0.1")
        .writePem(home.resolve("keys.pem"));
  }

  private ListenerSettings listener(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("listeners", "SSL://127.0.0.1:1");
    settings.put("inter.broker.listener.name", "SSL");
    settings.put("ssl.keystore.type", "PEM");
    settings.put("ssl.keystore.location", home.resolve("keys.pem").toString());
    settings.putAll(more);
    return NodeConfig.of(settings).listener("SSL");
  }

  private boolean isNative(Map<String, String> more) {
    try (TlsEngines engines = TlsEngines.ofListener(listener(more))) {
      SSLEngine engine = engines.newEngine();
      boolean isNative = engine instanceof OpenSslEngine;
      ReferenceCountUtil.release(engine);
      return isNative;
    }
  }

  @Test
  void openSslIsTakenWhereTheMachineHasIt() {
    assertThat(isNative(Map.of())).isEqualTo(OpenSsl.isAvailable());
    assertThat(isNative(Map.of("listener.name.ssl.tidemark.ssl.engine", "jdk"))).isFalse();
  }

  @Test
  void whatOnlyTheJdkCanDoIsLeftToIt() {
    assumeTrue(OpenSsl.isAvailable());
    Map<String, String> ciphers =
        Map.of("ssl.cipher.suites", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256");
    assertThat(isNative(ciphers)).isFalse();

    Map<String, String> demanding = new HashMap<>(ciphers);
    demanding.put("tidemark.ssl.engine", "openssl");
    assertThatThrownBy(() -> isNative(demanding))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tidemark.ssl.engine");
  }

  @Test
  void versionsOfTlsAreThoseOfTheSettings() {
    try (TlsEngines engines =
        TlsEngines.ofListener(listener(Map.of("ssl.enabled.protocols", "TLSv1.3")))) {
      SSLEngine engine = engines.newEngine();
      assertThat(engine.getEnabledProtocols()).contains("TLSv1.3").doesNotContain("TLSv1.2");
      ReferenceCountUtil.release(engine);
    }
  }
}
