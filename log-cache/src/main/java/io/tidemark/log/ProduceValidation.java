package io.tidemark.log;

/** How far a produced batch is looked into ({@code tidemark.produce.validation}). */
public enum ProduceValidation {
  /** Every record is walked, compressed batches too. */
  FULL,
  /** The batch header and its CRC only. */
  HEADER
}
