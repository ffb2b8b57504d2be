package io.tidemark.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PropertiesFileTest {

  @Test
  void settingsKeepTheLineTheyBeginIn() {
    List<String> lines =
        List.of("# a comment \\", "a=1", "", "  b : two words  ", "c=x,\\", "  y", "! more", "d");
    assertThat(PropertiesFile.parse("f", lines))
        .containsExactly(
            new SourcedValue("a", "1", "f:2"),
            new SourcedValue("b", "two words", "f:4"),
            new SourcedValue("c", "x,y", "f:5"),
            new SourcedValue("d", "", "f:8"));
  }

  @Test
  void escapesAreThoseOfPropertiesFiles() {
    assertThat(PropertiesFile.parse("f", List.of("path=C\\:\\\\data", "u=\\u00e9")))
        .extracting(SourcedValue::value)
        .containsExactly("C:\\data", "é");
  }
}
