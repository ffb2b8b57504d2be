package io.tidemark.log.disk;

/** How a file is opened. */
public enum OpenMode {
  /** For reading; the file must exist. */
  READ,
  /** For reading and writing; the file must exist. */
  READ_WRITE,
  /** For reading and writing; created empty where absent, kept where present. */
  CREATE
}
