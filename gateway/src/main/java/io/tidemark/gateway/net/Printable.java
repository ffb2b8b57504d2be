package io.tidemark.gateway.net;

/**
 * Text that clients had a hand in, made fit for a log line: control and non-ASCII characters are
 * escaped, so nobody can forge a line, and it is cut at 300 characters.
 */
public final class Printable {
  private static final int MAX_LENGTH = 300;

  private Printable() {}

  public static String of(String text) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), MAX_LENGTH));
    for (int i = 0; i < text.length(); i++) {
      if (out.length() >= MAX_LENGTH) {
        return out.append("...").toString();
      }
      append(text.charAt(i), out);
    }
    return out.toString();
  }

  private static void append(char c, StringBuilder out) {
    if (c >= ' ' && c < 0x7f && c != '\\') {
      out.append(c);
    } else {
      out.append("\\u%04x".formatted((int) c));
    }
  }
}
