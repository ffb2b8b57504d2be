package io.tidemark.gateway.config;

import java.util.function.Predicate;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Declares the settings of one section of the reference page, in their order there. */
final class SettingsSection {
  private final ConfigDef definition;
  private final String title;
  private int order;

  SettingsSection(ConfigDef definition, String title) {
    this.definition = definition;
    this.title = title;
  }

  SettingsSection define(
      String key,
      ConfigDef.Type type,
      @Nullable Object defaultValue,
      @Nullable Validator validator,
      String documentation) {
    definition.define(
        key,
        type,
        defaultValue,
        validator,
        Importance.MEDIUM,
        documentation,
        title,
        ++order,
        Width.NONE,
        key);
    return this;
  }

  SettingsSection integer(String key, int defaultValue, int min, String documentation) {
    return define(key, ConfigDef.Type.INT, defaultValue, Range.atLeast(min), documentation);
  }

  SettingsSection number(String key, long defaultValue, long min, String documentation) {
    return define(key, ConfigDef.Type.LONG, defaultValue, Range.atLeast(min), documentation);
  }

  /** A number that may be left out, where another key or the program decides. */
  SettingsSection optionalNumber(String key, long min, String documentation) {
    return define(
        key,
        ConfigDef.Type.LONG,
        null,
        orNull(Range.atLeast(min), "at least " + min),
        documentation);
  }

  SettingsSection flag(String key, boolean defaultValue, String documentation) {
    return define(key, ConfigDef.Type.BOOLEAN, defaultValue, null, documentation);
  }

  SettingsSection text(String key, @Nullable String defaultValue, String documentation) {
    return define(key, ConfigDef.Type.STRING, defaultValue, null, documentation);
  }

  SettingsSection choice(String key, String defaultValue, String documentation, String... values) {
    return define(key, ConfigDef.Type.STRING, defaultValue, ValidString.in(values), documentation);
  }

  SettingsSection list(String key, String defaultValue, String documentation) {
    return define(key, ConfigDef.Type.LIST, defaultValue, null, documentation);
  }

  SettingsSection secret(String key, String documentation) {
    return define(key, ConfigDef.Type.PASSWORD, null, null, documentation);
  }

  private static Validator orNull(Validator validator, String text) {
    return LambdaValidator.with(
        (name, value) -> {
          if (value != null) {
            validator.ensureValid(name, value);
          }
        },
        () -> text);
  }

  /** A validator from a condition on a value that is there. */
  static Validator satisfying(Predicate<Object> condition, String expected) {
    return LambdaValidator.with(
        (name, value) -> {
          if (value != null && !condition.test(value)) {
            throw new ConfigException(name, value, "must be " + expected);
          }
        },
        () -> expected);
  }
}
