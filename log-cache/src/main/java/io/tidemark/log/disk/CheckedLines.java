package io.tidemark.log.disk;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Small text files that know whether they are whole: checkpoints and the like, in the shape of
 * Kafka's with a checksum behind. ASCII, lines end with a line feed.
 *
 * <pre>
 * 1                  version
 * 2                  number of lines that follow
 * …
 * …
 * crc32c 1c291ca3    of all bytes before this line, hexadecimal
 * </pre>
 */
public final class CheckedLines {
  private static final String VERSION = "1";
  private static final String CRC = "crc32c ";

  private CheckedLines() {}

  public static ByteBuffer encode(List<String> lines) {
    StringBuilder text = new StringBuilder();
    text.append(VERSION).append('\n').append(lines.size()).append('\n');
    lines.forEach(line -> text.append(line).append('\n'));
    String checked = text.toString();
    return ByteBuffer.wrap(ascii(checked + crcLine(checked)));
  }

  /** The lines of a file; null when it is damaged, cut or of another version. */
  public static @Nullable List<String> decode(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.US_ASCII);
    int crcAt = text.lastIndexOf(CRC);
    if (crcAt < 0 || !text.substring(crcAt).equals(crcLine(text.substring(0, crcAt)))) {
      return null;
    }
    List<String> lines = text.substring(0, crcAt).lines().toList();
    boolean isWhole =
        lines.size() >= 2
            && lines.get(0).equals(VERSION)
            && lines.get(1).equals(Integer.toString(lines.size() - 2));
    return isWhole ? lines.subList(2, lines.size()) : null;
  }

  private static String crcLine(String checked) {
    CRC32C crc = new CRC32C();
    crc.update(ascii(checked));
    return CRC + "%08x".formatted(crc.getValue()) + "\n";
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
