package io.tidemark.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.scenario.Scenario;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostNamesTest {
  private static HostNames at(String name, String address) throws Exception {
    byte[] bytes = InetAddress.ofLiteral(address).getAddress();
    return HostNames.of(new InetSocketAddress(InetAddress.getByAddress(name, bytes), 9094));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:9094",
        "127.0.0.1:9094",
        "127.0.0.1",
        "[::1]:9094",
        "node.localhost:1",
        "own-name:9094"
      })
  void namesThatLeadNowhereElseAreTaken(String header) throws Exception {
    assertThat(at("own-name", "127.0.1.1").mayBe(header)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.test",
        "evil.test:9094",
        "127.0.0.1.evil.test",
        "localhost.evil.test:9094",
        "evil.test:9094:80",
        "",
        "1"
      })
  @Scenario("S-192")
  void whatAPageOfOthersMayHaveMadeToLeadHereIsNot(String header) throws Exception {
    assertThat(at("localhost", "127.0.0.1").mayBe(header)).isFalse();
  }

  @Test
  void whereOtherMachinesComeFromTheyHaveTheirOwnNamesForTheHost() throws Exception {
    assertThat(at("node-1", "192.0.2.7").mayBe("node-1.example.com:9094")).isTrue();
    assertThat(HostNames.of(new InetSocketAddress("0.0.0.0", 9094)).mayBe("node-1")).isTrue();
    assertThat(at("localhost", "127.0.0.1").mayBe(null)).isTrue();
  }
}
