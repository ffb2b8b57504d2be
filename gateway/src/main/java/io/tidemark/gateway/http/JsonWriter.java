package io.tidemark.gateway.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON value. Not thread-safe; misuse (a value without a name in an object, an end too
 * many) is an {@link IllegalStateException}.
 */
public final class JsonWriter {
  private enum Inside {
    OBJECT,
    ARRAY
  }

  private final StringBuilder out = new StringBuilder();
  private final Deque<Inside> open = new ArrayDeque<>();
  private boolean needsComma;
  private boolean hasName;

  public JsonWriter object() {
    startValue();
    out.append('{');
    open.push(Inside.OBJECT);
    needsComma = false;
    return this;
  }

  public JsonWriter array() {
    startValue();
    out.append('[');
    open.push(Inside.ARRAY);
    needsComma = false;
    return this;
  }

  /** Ends the innermost object or array. */
  public JsonWriter end() {
    if (open.isEmpty() || hasName) {
      throw new IllegalStateException("nothing to end here: " + out);
    }
    out.append(open.pop() == Inside.OBJECT ? '}' : ']');
    needsComma = true;
    return this;
  }

  /** The name of the value that follows. */
  public JsonWriter name(String name) {
    if (open.peek() != Inside.OBJECT || hasName) {
      throw new IllegalStateException("no name can stand here: " + out);
    }
    comma();
    string(name, out);
    out.append(':');
    hasName = true;
    return this;
  }

  public JsonWriter value(@Nullable String value) {
    startValue();
    if (value == null) {
      out.append("null");
    } else {
      string(value, out);
    }
    needsComma = true;
    return this;
  }

  public JsonWriter value(long value) {
    startValue();
    out.append(value);
    needsComma = true;
    return this;
  }

  /** A number; JSON has no infinities, which become null. */
  public JsonWriter value(double value) {
    startValue();
    out.append(Double.isFinite(value) ? String.valueOf(value) : "null");
    needsComma = true;
    return this;
  }

  public JsonWriter value(boolean value) {
    startValue();
    out.append(value);
    needsComma = true;
    return this;
  }

  public JsonWriter field(String name, @Nullable String value) {
    return name(name).value(value);
  }

  public JsonWriter field(String name, long value) {
    return name(name).value(value);
  }

  public JsonWriter field(String name, boolean value) {
    return name(name).value(value);
  }

  private void startValue() {
    if (open.peek() == Inside.OBJECT && !hasName) {
      throw new IllegalStateException("a value in an object needs a name: " + out);
    }
    if (!hasName) {
      comma();
    }
    hasName = false;
  }

  private void comma() {
    if (needsComma) {
      out.append(',');
    }
    needsComma = false;
  }

  /** Appends a text with its quotes. */
  public static void string(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      escape(text.charAt(i), out);
    }
    out.append('"');
  }

  private static void escape(char c, StringBuilder out) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (c < ' ' || c == 0x7f || Character.isSurrogate(c) || c == 0x2028 || c == 0x2029) {
          out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
        } else {
          out.append(c);
        }
      }
    }
  }

  /** The whole value. */
  @Override
  public String toString() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("not ended: " + out);
    }
    return out.toString();
  }
}
