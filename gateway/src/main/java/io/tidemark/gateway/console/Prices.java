package io.tidemark.gateway.console;

/**
 * What the object store costs, for estimates.
 *
 * @param storagePerGbMonth for 2^30 bytes kept for a month
 * @param writesPer1000 for a thousand PUT and LIST calls
 * @param readsPer1000 for a thousand GET and HEAD calls
 */
public record Prices(
    double storagePerGbMonth, double writesPer1000, double readsPer1000, String currency) {
  private static final double GB = 1L << 30;
  private static final double THOUSAND = 1_000;

  double storageMonth(long bytes) {
    return bytes / GB * storagePerGbMonth;
  }

  double calls(long writes, long reads) {
    return writes / THOUSAND * writesPer1000 + reads / THOUSAND * readsPer1000;
  }
}
