package io.tidemark.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page below {@code docs/} that is generated: checked, or written anew when asked to. */
public final class GeneratedPage {
  private GeneratedPage() {}

  /** Fails when the page is stale; {@code -Dtidemark.docs.rewrite=true} writes it instead. */
  public static void check(String name, String content) throws IOException {
    Path page = path(name);
    if (Boolean.getBoolean("tidemark.docs.rewrite")) {
      Files.createDirectories(page.getParent());
      Files.writeString(page, content);
    }
    assertThat(page)
        .as("docs/%s is generated; -Dtidemark.docs.rewrite=true writes it", name)
        .exists()
        .hasContent(content);
  }

  /** Where the page is. */
  public static Path path(String name) {
    return root().resolve("docs").resolve(name);
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    return Files.exists(folder.resolve("gateway/pom.xml")) ? folder : folder.resolveSibling("");
  }
}
