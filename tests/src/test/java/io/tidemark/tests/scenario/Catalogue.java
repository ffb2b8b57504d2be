package io.tidemark.tests.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The scenarios of {@code docs/scenarios.md}, by number. */
record Catalogue(SortedMap<Integer, String> titles) {
  private static final Pattern ROW = Pattern.compile("\\| S-(\\d+) \\| (.*?) \\| .* \\|");

  static Catalogue read(Path repository) throws IOException {
    SortedMap<Integer, String> titles = new TreeMap<>();
    for (String line : Files.readAllLines(repository.resolve("docs/scenarios.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        titles.put(Integer.valueOf(row.group(1)), row.group(2));
      }
    }
    return new Catalogue(titles);
  }

  /** The number in an id such as {@code S-79}, which is how ids are sorted. */
  static int number(String id) {
    return Integer.parseInt(id.substring(2));
  }

  boolean has(String id) {
    return id.matches("S-\\d+") && titles.containsKey(number(id));
  }
}
