package io.tidemark.tiering.store;

/** What every store accepts as a key, so that each can keep it in its own way without escaping. */
public final class KeyRules {
  private static final int MAX_CHARACTERS = 512;

  private KeyRules() {}

  /**
   * Returns {@code key}.
   *
   * @throws IllegalArgumentException when it is not one
   */
  public static String checkKey(String key) {
    checkCharacters(key);
    for (String segment : key.split("/", -1)) {
      // A leading dot also keeps apart what stores keep for themselves.
      if (segment.isEmpty() || segment.startsWith(".")) {
        throw new IllegalArgumentException("not a key: " + key);
      }
    }
    return key;
  }

  /** Returns {@code prefix}, which may be empty or end anywhere in a key. */
  public static String checkPrefix(String prefix) {
    checkCharacters(prefix);
    if (prefix.startsWith("/") || prefix.startsWith(".") || prefix.contains("/.")) {
      throw new IllegalArgumentException("not a key prefix: " + prefix);
    }
    return prefix;
  }

  private static void checkCharacters(String key) {
    if (key.length() > MAX_CHARACTERS) {
      throw new IllegalArgumentException("key of " + key.length() + " characters");
    }
    for (int i = 0; i < key.length(); i++) {
      if (!isAllowed(key.charAt(i))) {
        throw new IllegalArgumentException("not a key: " + key);
      }
    }
  }

  private static boolean isAllowed(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '-'
        || c == '_'
        || c == '/';
  }
}
