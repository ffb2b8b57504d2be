package io.tidemark.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.http.Routes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConsoleFilesTest {
  private static final Path FOLDER = Path.of("src/main/resources/io/tidemark/gateway/console");

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.toList();
    }
  }

  @Test
  void everyFileIsServedAndEveryFileThatIsNamedIsThere() throws IOException {
    ConsoleFiles.addTo(new Routes()); // fails where the list names one that is not there
    Set<String> served = new TreeSet<>(ConsoleFiles.OTHERS);
    served.add("index.html");

    assertThat(files()).extracting(file -> file.getFileName().toString()).hasSameElementsAs(served);
    Set<String> named = new TreeSet<>();
    for (Path file : files()) {
      Pattern.compile("(?:from \"\\./|/console/)([a-z.]+)\"")
          .matcher(text(file))
          .results()
          .map((MatchResult found) -> found.group(1))
          .forEach(named::add);
    }
    assertThat(served).containsAll(named);
  }

  @Test
  void nothingIsLoadedFromElsewhereAndNoTextBecomesMarkup() throws IOException {
    for (Path file : files()) {
      assertThat(text(file).replace("http://www.w3.org/2000/svg", ""))
          .as("%s", file)
          .doesNotContain(
              "http:",
              "https:",
              "innerHTML",
              "outerHTML",
              "insertAdjacentHTML",
              "document.write",
              "eval(",
              " style=",
              " onclick=");
    }
  }
}
