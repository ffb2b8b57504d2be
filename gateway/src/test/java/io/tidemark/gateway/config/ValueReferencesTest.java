package io.tidemark.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValueReferencesTest {
  @TempDir Path folder;

  private final ValueReferences references =
      new ValueReferences(Map.of("USER_PASSWORD", "from $1 ${env:USER_PASSWORD}")::get);

  private String file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content).toString();
  }

  @Test
  void valuesWithoutReferencesStayAsTheyAre() {
    for (String value : List.of("", "a", "$", "${}", "$(x)", "${name}", "RULE:^CN=(.*)$/$1/")) {
      assertThat(references.resolve(value)).isEqualTo(value);
      assertThat(ValueReferences.isIn(value)).isFalse();
    }
  }

  @Test
  void aVariableIsPutInAsItStandsWhateverItSays() {
    assertThat(references.resolve("<${env:USER_PASSWORD}>"))
        .isEqualTo("<from $1 ${env:USER_PASSWORD}>");
  }

  @Test
  void keysOfAFileAndWholeFilesArePutIn() throws Exception {
    String properties = file("secrets", "# two\na=1\nb:c=x y\nb\\:c=2\n");
    String pem = file("key.pem", "-----BEGIN-----\nAAA\n-----END-----\r\n");
    assertThat(references.resolve("${file:%s:a}-${file:%s:b:c}".formatted(properties, properties)))
        .isEqualTo("1-2");
    assertThat(references.resolve("${file:" + pem + "}"))
        .isEqualTo("-----BEGIN-----\nAAA\n-----END-----");
    assertThat(references.resolve("${dir:" + folder + ":key.pem}")).startsWith("-----BEGIN-----");
  }

  @Test
  void aDoubledDollarIsALiteral() {
    assertThat(references.resolve("a$${env:USER_PASSWORD}$${"))
        .isEqualTo("a${env:USER_PASSWORD}${");
  }

  @Test
  void whatCannotBeFoundIsToldByItsReference() throws Exception {
    String properties = file("secrets", "a=1\n");
    assertRefused("${env:NO}", "the environment variable is not set");
    assertRefused("${file:" + properties + ":b}", "the file has no such key");
    assertRefused("${file:" + folder.resolve("missing") + "}", "NoSuchFileException");
    assertRefused("${file:" + folder.resolve("missing") + ":a}", "NoSuchFileException");
    assertRefused("${dir:" + folder + "}", "is not of the form");
    assertRefused("${dir:" + folder + ":../secrets}", "is not of the form");
    assertRefused("${dir:" + folder + ":..}", "is not of the form");
    assertRefused("${vault:a:b}", "refers to nothing");
    assertRefused("${file:" + file("large", "x".repeat((1 << 20) + 1)) + "}", "is larger than");
  }

  private void assertRefused(String reference, String why) {
    assertThatThrownBy(() -> references.resolve(reference))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(reference)
        .hasMessageContaining(why);
  }
}
