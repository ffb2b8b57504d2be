package io.tidemark.tests.pages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page in Markdown: what it links to, and where it can be linked to. */
public final class Page {
  private static final String FENCE = "```";
  private static final Pattern LINK =
      Pattern.compile("]\\(([^)\\s]+)\\)|\\bsrc(?:set)?=\"([^\"]+)\"");
  private static final Pattern ELSEWHERE = Pattern.compile("^[a-z]+:.*");

  private final Path file;
  private final List<String> lines;

  private Page(Path file, List<String> lines) {
    this.file = file;
    this.lines = lines;
  }

  /** The page in a file, without its blocks of code. */
  public static Page read(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean isCode = false;
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith(FENCE)) {
        isCode = !isCode;
      } else if (!isCode) {
        lines.add(line);
      }
    }
    return new Page(file, lines);
  }

  /** Its headings as they are linked to: lower case, without punctuation, hyphens for spaces. */
  public Set<String> anchors() {
    Set<String> anchors = new TreeSet<>();
    for (String line : lines) {
      if (line.startsWith("#")) {
        String heading = line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT);
        anchors.add(heading.replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-'));
      }
    }
    return anchors;
  }

  /** Its links within the repository that lead nowhere. */
  List<String> broken() throws IOException {
    List<String> broken = new ArrayList<>();
    for (String line : lines) {
      Matcher links = LINK.matcher(line);
      while (links.find()) {
        String target = links.group(1) == null ? links.group(2) : links.group(1);
        if (!ELSEWHERE.matcher(target).matches() && !leadsSomewhere(target)) {
          broken.add(file + " -> " + target);
        }
      }
    }
    return broken;
  }

  private boolean leadsSomewhere(String target) throws IOException {
    int hash = target.indexOf('#');
    String name = hash < 0 ? target : target.substring(0, hash);
    Path linked = name.isEmpty() ? file : file.resolveSibling(name).normalize();
    if (!Files.exists(linked)) {
      return false;
    }
    return hash < 0
        || !linked.toString().endsWith(".md")
        || read(linked).anchors().contains(target.substring(hash + 1));
  }
}
