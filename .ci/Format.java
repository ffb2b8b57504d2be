import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks (`check`) or applies (`fix`) the project's Java format, google-java-format, to every
 * source below a folder. Exits with 1 and the list of files when a checked one differs.
 */
public final class Format {
  private Format() {}

  public static void main(String[] args) throws IOException {
    boolean fix = args[0].equals("fix");
    List<Path> wrong =
        sources(Path.of(args[1])).parallelStream()
            .filter(source -> !isFormatted(source, fix))
            .sorted()
            .toList();
    if (fix) {
      wrong.forEach(source -> System.out.println("formatted " + source));
    } else if (!wrong.isEmpty()) {
      wrong.forEach(source -> System.err.println("not formatted: " + source));
      System.err.println("Run: mvn -N validate -Dformat.mode=fix");
      System.exit(1);
    }
  }

  private static boolean isFormatted(Path source, boolean fix) {
    try {
      String text = Files.readString(source);
      String formatted = new Formatter().formatSourceAndFixImports(text);
      if (!formatted.equals(text) && fix) {
        Files.writeString(source, formatted);
      }
      return formatted.equals(text);
    } catch (FormatterException e) {
      System.err.println(source + ": " + e.getMessage());
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(source.toString(), e);
    }
  }

  private static List<Path> sources(Path root) throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            String name = dir.getFileName() == null ? "" : dir.getFileName().toString();
            boolean skipped =
                name.equals("target")
                    || (name.startsWith(".") && !name.equals(".ci") && dir != root);
            return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".java")) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }
}
