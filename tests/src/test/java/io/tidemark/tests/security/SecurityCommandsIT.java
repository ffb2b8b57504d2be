package io.tidemark.tests.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.cli.Tidemark;
import io.tidemark.gateway.node.NodeFixture;
import io.tidemark.scenario.Scenario;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The tool's commands about users and rules, run by an administrator and by somebody else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecurityCommandsIT {
  private static final String MODULE = "org.apache.kafka.common.security.plain.PlainLoginModule";

  private Path folder = Path.of("");
  private NodeFixture node;
  private String shown = "";

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    folder = home;
    node =
        new NodeFixture(home)
            .with("listeners", "SASL_PLAINTEXT://127.0.0.1:0")
            .with("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512")
            .with(
                "listener.name.sasl_plaintext.plain.sasl.jaas.config",
                MODULE + " required user_root=\"root\" user_alice=\"alice\";")
            .with(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
            .with("super.users", "User:root")
            .start();
    writeSettings("root");
    writeSettings("alice");
    assertThat(run("root", "topic", "create", "payroll")).as(shown).isZero();
  }

  @AfterAll
  void stop() {
    node.close();
  }

  private void writeSettings(String user) throws IOException {
    Properties settings = new Properties();
    settings.putAll(
        Map.of(
            "security.protocol",
            "SASL_PLAINTEXT",
            "sasl.mechanism",
            "PLAIN",
            "sasl.jaas.config",
            "%s required username=\"%s\" password=\"%s\";".formatted(MODULE, user, user)));
    try (Writer file = Files.newBufferedWriter(folder.resolve(user + ".properties"))) {
      settings.store(file, null);
    }
  }

  /** As that user; what is printed on either output is in {@link #shown}. */
  private int run(String user, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(
        List.of(
            "--bootstrap-server",
            node.address("SASL_PLAINTEXT").toString(),
            "--command-config",
            folder.resolve(user + ".properties").toString()));
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text, true);
    int code = Tidemark.execute(out, out, all.toArray(String[]::new));
    shown = text.toString();
    return code;
  }

  @Test
  void usersAreCreatedListedAndDeletedAndTheirPasswordsNotShown() throws Exception {
    String password =
        Files.writeString(folder.resolve("password"), "ann-secret\n").toAbsolutePath().toString();
    String empty = Files.writeString(folder.resolve("empty"), "").toAbsolutePath().toString();

    assertThat(run("alice", "user", "create", "ann", "--password-file", password)).isOne();
    assertThat(shown).contains("CLUSTER_AUTHORIZATION_FAILED").doesNotContain("ann-secret");
    assertThat(run("root", "user", "create", "ann", "--password-file", empty)).isEqualTo(2);
    assertThat(run("root", "user", "create", "ann", "--password-file", password)).isZero();
    assertThat(shown).doesNotContain("ann-secret");
    assertThat(run("root", "user", "list")).isZero();
    assertThat(shown).contains("ann", "SCRAM-SHA-512");
    assertThat(run("root", "user", "delete", "ann")).isZero();
    assertThat(run("root", "user", "list")).isZero();
    assertThat(shown).doesNotContain("ann");
    assertThat(run("root", "user", "delete", "ann")).isOne();
  }

  @Test
  void rulesAreAddedListedAndRemoved() {
    assertThat(run("alice", "topic", "describe", "payroll")).isOne();
    assertThat(
            run(
                "root",
                "acl",
                "add",
                "--principal",
                "User:alice",
                "--operation",
                "describe",
                "--topic",
                "pay",
                "--prefixed"))
        .isZero();
    assertThat(run("alice", "topic", "list")).isZero();
    assertThat(shown).contains("payroll");
    assertThat(run("root", "acl", "list", "--principal", "User:alice")).isZero();
    assertThat(shown).contains("pay", "prefixed", "describe", "allow").hasLineCount(2);
    assertThat(
            run(
                "root",
                "acl",
                "remove",
                "--principal",
                "User:alice",
                "--operation",
                "describe",
                "--topic",
                "pay",
                "--prefixed"))
        .isZero();
    assertThat(shown).contains("removed 1 rules");
    assertThat(run("alice", "topic", "list")).isZero();
    assertThat(shown).doesNotContain("payroll");
    assertThat(run("alice", "acl", "list")).isOne();
    assertThat(run("root", "acl", "add", "--principal", "User:alice")).isEqualTo(2);
  }

  @Test
  @Scenario("S-188")
  void supportOutputTellsNobodyMoreThanItMayKnow() {
    assertThat(run("root", "support")).isZero();
    assertThat(shown).contains("super.users").doesNotContain("could not be asked");
    assertThat(run("alice", "support")).isOne();
    assertThat(shown)
        .contains("== nodes ==", "== settings of node 1 ==", "could not be asked: ")
        .contains("CLUSTER_AUTHORIZATION_FAILED")
        .doesNotContain("payroll", "super.users");
  }
}
