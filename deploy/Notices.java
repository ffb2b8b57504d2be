import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes what goes into the release archive beside the programs: {@code THIRD-PARTY.txt}, the
 * libraries with their licences as the bill of materials names them, and {@code SHA256SUMS}, which
 * {@code sha256sum --check} reads. Fails when a library has no licence. Offline there is no bill of
 * materials (its plug-in asks registries), so an archive built then lacks both and says so.
 */
public final class Notices {
  private Notices() {}

  public static void main(String[] args) throws IOException {
    Path module = Path.of(args[0]);
    Path target = Path.of(args[1]);
    Map<String, Path> packed = new TreeMap<>();
    packed.put("LICENSE", module.resolve("../LICENSE"));
    packed.put("CHANGELOG.md", module.resolve("../CHANGELOG.md"));
    Path bom = target.resolve("bom.json");
    Path thirdParty = target.resolve("THIRD-PARTY.txt");
    if (Files.exists(bom)) {
      Files.writeString(thirdParty, thirdParty(bom));
      packed.put("bom.json", bom);
      packed.put("THIRD-PARTY.txt", thirdParty);
    } else {
      System.err.println(
          "Maven is offline: this archive has no bom.json and no THIRD-PARTY.txt and is not for"
              + " others");
    }
    add(packed, "bin/", module.resolve("../bin"));
    add(packed, "lib/", target.resolve("lib"));
    add(packed, "docs/", module.resolve("../docs"));
    add(packed, "", module.resolve("src"));
    StringBuilder sums = new StringBuilder();
    for (Map.Entry<String, Path> each : packed.entrySet()) {
      sums.append(sha256(each.getValue())).append("  ").append(each.getKey()).append('\n');
    }
    Files.writeString(target.resolve("SHA256SUMS"), sums);
  }

  private static void add(Map<String, Path> packed, String prefix, Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .filter(Files::isRegularFile)
          .forEach(file ->
              packed.put(prefix + folder.relativize(file).toString().replace('\\', '/'), file));
    }
  }

  private static String thirdParty(Path bom) throws IOException {
    List<String> lines = new ArrayList<>();
    List<String> without = new ArrayList<>();
    for (Map<?, ?> library : maps(JSON.std.mapFrom(Files.readString(bom)).get("components"))) {
      String name =
          "%s:%s:%s".formatted(library.get("group"), library.get("name"), library.get("version"));
      String licences = licences(library);
      if (licences.isEmpty()) {
        without.add(name);
      } else if (!name.startsWith("io.tidemark:")) {
        lines.add(name + "  " + licences);
      }
    }
    if (!without.isEmpty()) {
      throw new IllegalStateException("without a licence: " + without);
    }
    return lines.stream()
        .distinct()
        .sorted()
        .collect(
            Collectors.joining(
                "\n",
                "Tidemark contains these libraries, unchanged. Their licences' texts are in their"
                    + " jars or at the addresses in bom.json.\n\n",
                "\n"));
  }

  private static String licences(Map<?, ?> library) {
    return maps(library.get("licenses")).stream()
        .map(entry ->
            entry.get("license") instanceof Map<?, ?> licence
                ? String.valueOf(
                    licence.get("id") == null ? licence.get("name") : licence.get("id"))
                : String.valueOf(entry.get("expression")))
        .collect(Collectors.joining(", "));
  }

  private static List<Map<?, ?>> maps(Object list) {
    List<Map<?, ?>> maps = new ArrayList<>();
    if (list instanceof List<?> entries) {
      entries.forEach(entry -> maps.add((Map<?, ?>) entry));
    }
    return maps;
  }

  private static String sha256(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
