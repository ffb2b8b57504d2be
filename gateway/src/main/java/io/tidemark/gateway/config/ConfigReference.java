package io.tidemark.gateway.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.jspecify.annotations.Nullable;

/** Writes {@code docs/configuration.md} from the definitions, so that it cannot go stale. */
public final class ConfigReference {
  private static final String INTRODUCTION =
      """
      # Configuration

      <!-- Generated from the definitions in gateway, package config. Do not edit: run
           mvn -pl gateway -am test -Dtest=ConfigReferenceTest -Dsurefire.failIfNoSpecifiedTests=false -Dtidemark.docs.rewrite=true -->

      A node reads a properties file (`--config FILE`) and settings from the command line (`--set key=value`),
      which take precedence. Names are Kafka's wherever Kafka has the concept; others begin with `tidemark.` or
      `tiering.`. An unknown setting or a value out of range stops the start, all of them named at once.

      In both, `${env:NAME}` stands for an environment variable, `${file:PATH:KEY}` for a key of a properties file,
      `${file:PATH}` for a whole file and `${dir:PATH:NAME}` for a whole file of a folder; `$${` stands for `${`. They are
      resolved once, when the node starts, and never in what is changed over the network. Secrets are not shown by any tool or log.

      Settings marked *dynamic* can be changed while nodes run, for one node or for all, with
      `bin/tidemark config alter` or any Kafka tool; the others need a restart.

      """;
  private static final String TOPICS =
      """
      ## Settings of topics

      Set when a topic is created, or later while it is used. Where a topic has no setting of its own the node's
      setting in the last column holds, the first that is set.

      | setting | type | default | range | meaning | node's setting |
      |---|---|---|---|---|---|
      """;
  private static final String IGNORED =
      """
      ## Settings of Kafka without effect

      Accepted, so that a configuration of Kafka 4.4 can be brought along, and named in one warning at the start.

      | because | settings |
      |---|---|
      """;
  private static final String REFUSED =
      """
      ## Settings of Kafka that stop the start

      Whoever sets them relies on being protected by them.

      | setting | because |
      |---|---|
      """;

  private ConfigReference() {}

  /** The whole page. */
  public static String markdown() {
    StringBuilder page = new StringBuilder(INTRODUCTION);
    sections().forEach((title, keys) -> section(page, title, keys));
    topics(page);
    ignored(page);
    refused(page);
    return page.toString();
  }

  private static Map<String, List<ConfigKey>> sections() {
    Map<String, List<ConfigKey>> sections = new LinkedHashMap<>();
    for (ConfigKey key : NodeDefinition.inOrder()) {
      sections.computeIfAbsent(key.group, title -> new ArrayList<>()).add(key);
    }
    return sections;
  }

  private static void section(StringBuilder page, String title, List<ConfigKey> keys) {
    page.append("## ").append(title).append("\n\n");
    page.append("| setting | type | default | range | meaning |\n|---|---|---|---|---|\n");
    for (ConfigKey key : keys) {
      String note = NodeDefinition.isDynamic(key.name) ? " *Dynamic.*" : "";
      row(page, code(key.name), type(key), defaultOf(key), range(key), key.documentation + note);
    }
    page.append('\n');
  }

  private static void topics(StringBuilder page) {
    page.append(TOPICS);
    for (ConfigKey key : TopicDefinition.keys().values()) {
      List<NodeSynonym> synonyms = TopicDefinition.synonyms(key.name);
      row(
          page,
          code(key.name),
          type(key),
          synonyms.isEmpty() ? defaultOf(key) : "the node's",
          range(key),
          key.documentation,
          synonyms.stream().map(s -> code(s.key())).collect(Collectors.joining(", ")));
    }
    page.append('\n');
  }

  private static void ignored(StringBuilder page) {
    page.append(IGNORED);
    Map<String, List<String>> byReason = new LinkedHashMap<>();
    IgnoredSettings.all()
        .forEach(
            (key, why) -> byReason.computeIfAbsent(why, r -> new ArrayList<>()).add(code(key)));
    byReason.forEach((why, keys) -> row(page, why, String.join(", ", keys)));
    page.append('\n');
  }

  private static void refused(StringBuilder page) {
    page.append(REFUSED);
    RefusedSettings.all().forEach((key, why) -> row(page, code(key), why));
  }

  private static void row(StringBuilder page, String... cells) {
    page.append("| ");
    page.append(
        java.util.Arrays.stream(cells)
            .map(cell -> cell.replace("|", "\\|").replace("<", "&lt;"))
            .collect(Collectors.joining(" | ")));
    page.append(" |\n");
  }

  private static String code(String text) {
    return "`" + text + "`";
  }

  private static String type(ConfigKey key) {
    return switch (key.type) {
      case BOOLEAN -> "true or false";
      case STRING -> "text";
      case INT, SHORT, LONG -> "whole number";
      case DOUBLE -> "number";
      case LIST -> "list";
      case CLASS -> "class";
      case PASSWORD -> "secret";
    };
  }

  private static String defaultOf(ConfigKey key) {
    if (key.defaultValue == null) {
      return "not set";
    }
    String text = String.valueOf(ConfigDef.convertToString(key.defaultValue, key.type));
    return text.isEmpty() ? "empty" : number(key, text);
  }

  private static String number(ConfigKey key, String text) {
    boolean isLargest =
        switch (key.type) {
          case LONG -> text.equals(String.valueOf(Long.MAX_VALUE));
          case INT -> text.equals(String.valueOf(Integer.MAX_VALUE));
          case BOOLEAN, STRING, SHORT, DOUBLE, LIST, CLASS, PASSWORD -> false;
        };
    return isLargest ? "no limit" : code(text);
  }

  private static String range(ConfigKey key) {
    @Nullable Object validator = key.validator;
    return validator == null ? "" : validator.toString();
  }
}
