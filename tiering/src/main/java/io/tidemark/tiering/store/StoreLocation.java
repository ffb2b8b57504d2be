package io.tidemark.tiering.store;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Where a store is, as {@code tiering.store} says it. */
public sealed interface StoreLocation {
  /** {@code file:///path}: a folder. */
  record Directory(Path root) implements StoreLocation {}

  /** {@code s3://bucket/prefix}; the prefix has no slash at either end and may be empty. */
  record Bucket(String name, String prefix) implements StoreLocation {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    public Bucket {
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException("'" + name + "' is not the name of a bucket");
      }
      if (!prefix.isEmpty()) {
        KeyRules.checkKey(prefix);
      }
    }
  }

  /**
   * Parses the setting.
   *
   * @throws IllegalArgumentException saying what is wrong and what would be right
   */
  static StoreLocation parse(String setting) {
    URI uri = uri(setting);
    return switch (uri.getScheme() == null ? "" : uri.getScheme()) {
      case "file" -> directory(setting, uri);
      case "s3" -> bucket(setting, uri);
      default -> throw wrong(setting, "it has to begin with file:/// or s3://");
    };
  }

  private static URI uri(String setting) {
    try {
      return new URI(setting.strip());
    } catch (URISyntaxException e) {
      throw wrong(setting, String.valueOf(e.getMessage()));
    }
  }

  private static Directory directory(String setting, URI uri) {
    String host = uri.getHost();
    String path = uri.getPath();
    if (path == null || path.isEmpty() || (host != null && !host.equals("localhost"))) {
      throw wrong(
          setting, "a folder is written with three slashes: file:///var/lib/tidemark-store");
    }
    return new Directory(Path.of(path));
  }

  private static Bucket bucket(String setting, URI uri) {
    if (uri.getAuthority() == null || uri.getQuery() != null || uri.getFragment() != null) {
      throw wrong(setting, "a bucket is written as s3://bucket or s3://bucket/prefix");
    }
    try {
      return new Bucket(uri.getAuthority(), uri.getPath().replaceAll("^/+|/+$", ""));
    } catch (IllegalArgumentException e) {
      throw wrong(setting, String.valueOf(e.getMessage()));
    }
  }

  private static IllegalArgumentException wrong(String setting, String why) {
    return new IllegalArgumentException("tiering.store=" + setting + ": " + why);
  }
}
