package io.tidemark.gateway.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number of bytes, written with a decimal (kB, MB, GB) or binary (KiB, MiB, GiB) unit. */
record ByteSize(long bytes) {
  private static final Pattern FORM = Pattern.compile("(\\d+)\\s*([kmgKMG]?)(i?)[bB]?");

  static ByteSize parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new TypeConversionException("'" + text + "' is not a size such as 200MB or 1GiB");
    }
    long step = matcher.group(3).isEmpty() ? 1_000 : 1_024;
    int power = "kmg".indexOf(matcher.group(2).toLowerCase(Locale.ROOT)) + 1;
    try {
      long factor = matcher.group(2).isEmpty() ? 1 : (long) Math.pow((double) step, power);
      return new ByteSize(Math.multiplyExact(Long.parseLong(matcher.group(1)), factor));
    } catch (ArithmeticException | NumberFormatException e) {
      throw new TypeConversionException("'" + text + "' is too large");
    }
  }

  /** Megabytes with one decimal, for people. */
  static String megabytes(long bytes) {
    return "%.1f MB".formatted(bytes / 1e6);
  }

  /** For picocli. */
  static final class Converter implements ITypeConverter<ByteSize> {
    @Override
    public ByteSize convert(String value) {
      return parse(value);
    }
  }
}
