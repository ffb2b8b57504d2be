package io.tidemark.tests.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.node.NodeFixture;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/compatibility.md} says what a node says. */
class CompatibilityPageIT {
  private static final Path PAGE = Path.of("..", "docs", "compatibility.md");

  /** A row that begins with an API's key and name; served ones go on with versions. */
  private static final Pattern ROW =
      Pattern.compile("\\| (\\d+) \\| (\\w+) \\|(?: (\\d+(?:–\\d+)?) \\|)?.*");

  /** An API in the page's words; without versions where it is not served. */
  private record Row(int key, String name, String versions) {
    @Override
    public String toString() {
      return "| %d | %s | %s |".formatted(key, name, versions);
    }
  }

  @Test
  void theServedApisAreThoseThatANodeAdvertises(@TempDir Path folder) throws Exception {
    try (NodeFixture node = new NodeFixture(folder).start()) {
      assertThat(rows().stream().filter(row -> !row.versions().isEmpty()))
          .containsExactlyElementsOf(advertised(node));
    }
  }

  @Test
  void everyApiThatKafkasClientsKnowIsOnThePageOnce() throws Exception {
    TreeMap<Integer, String> known = new TreeMap<>();
    ApiKeys.clientApis().forEach(key -> known.put((int) key.id, key.name));

    assertThat(rows().stream().map(row -> row.key() + " " + row.name()))
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(
            known.entrySet().stream()
                .map(api -> api.getKey() + " " + api.getValue())
                .collect(Collectors.toSet()));
  }

  private static List<Row> rows() throws Exception {
    List<Row> rows = new ArrayList<>();
    for (String line : Files.readAllLines(PAGE)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        String versions = row.group(3) == null ? "" : row.group(3);
        rows.add(new Row(Integer.parseInt(row.group(1)), row.group(2), versions));
      }
    }
    return rows;
  }

  private static List<Row> advertised(NodeFixture node) throws Exception {
    short version = 4;
    try (RawConnection connection = new RawConnection(node.bootstrapServers())) {
      ByteBuffer body =
          new RequestSamples("any", Uuid.randomUuid()).body(ApiKeys.API_VERSIONS, version);
      ApiVersionsResponse response =
          (ApiVersionsResponse) connection.ask(ApiKeys.API_VERSIONS, version, body).response();
      TreeMap<Integer, Row> rows = new TreeMap<>();
      response.data().apiKeys().forEach(api -> rows.put((int) api.apiKey(), row(api)));
      return List.copyOf(rows.values());
    }
  }

  private static Row row(ApiVersion api) {
    SortedSet<Short> ends = new TreeSet<>(List.of(api.minVersion(), api.maxVersion()));
    return new Row(
        api.apiKey(),
        ApiKeys.forId(api.apiKey()).name,
        ends.stream().map(String::valueOf).collect(Collectors.joining("–")));
  }
}
