package io.tidemark.tests.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.GeneratedPage;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PagesTest {
  private static final Path ROOT = GeneratedPage.path("..").normalize();

  /** What is built, and what belongs to tools. */
  private static final Set<String> NOT_OURS = Set.of("target", "node_modules", ".git");

  @TempDir Path folder = Path.of("");

  @Test
  void everyLinkLeadsToAFileAndAHeadingThatAreThere() throws IOException {
    List<String> broken = new ArrayList<>();
    List<Path> pages = pages();
    for (Path page : pages) {
      broken.addAll(Page.read(page).broken());
    }
    assertThat(pages).hasSizeGreaterThan(50);
    assertThat(broken).isEmpty();
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return NOT_OURS.contains(String.valueOf(folder.getFileName()))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".md")) {
              pages.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return pages;
  }

  @Test
  void whatLeadsNowhereIsNoticed() throws IOException {
    Path page = folder.resolve("page.md");
    Files.writeString(folder.resolve("other.md"), "# The other one\n");
    Files.writeString(
        page,
        """
        ## Here, `now`
        [a](other.md) [b](other.md#the-other-one) [c](#here-now) [d](https://example.org/x.md)
        [e](gone.md) [f](other.md#gone) [g](#gone) <img src="gone.png">
        ```
        [h](not-a-link.md)
        ```
        """);

    assertThat(Page.read(page).broken())
        .extracting(each -> each.replaceFirst(".* -> ", ""))
        .containsExactly("gone.md", "other.md#gone", "#gone", "gone.png");
  }
}
