package io.tidemark.bench.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The key that both servers encrypt with, and what clients trust: files of the server's folder, by
 * keytool.
 */
record Keys(Path folder) {
  private static final String PASSWORD = "changeit";

  private Path store() {
    return folder.resolve("keys.p12");
  }

  private Path certificate() {
    return folder.resolve("certificate.pem");
  }

  /** Makes them, unless an earlier server of the folder has. */
  void make() throws IOException, InterruptedException {
    if (Files.exists(certificate())) {
      return;
    }
    keytool(
        List.of("-genkeypair", "-alias", "node", "-dname", "CN=bench", "-ext", "san=ip:127.0.0.1"),
        List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "30"));
    keytool(
        List.of("-exportcert", "-rfc", "-alias", "node"),
        List.of("-file", certificate().toString()));
  }

  private void keytool(List<String> what, List<String> how)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(what);
    command.addAll(how);
    command.addAll(List.of("-keystore", store().toString(), "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", PASSWORD));
    Path log = folder.resolve("keytool.log");
    int exit =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IllegalStateException("keytool failed:\n" + Server.logTail(log));
    }
  }

  /** Kafka's settings of a server, which are Tidemark's too. */
  Map<String, String> ofServer() {
    return Map.of(
        "ssl.keystore.type",
        "PKCS12",
        "ssl.keystore.location",
        store().toString(),
        "ssl.keystore.password",
        PASSWORD);
  }

  Map<String, String> ofClients() {
    return Map.of(
        "security.protocol", "SSL",
        "ssl.truststore.type", "PEM",
        "ssl.truststore.location", certificate().toString());
  }
}
