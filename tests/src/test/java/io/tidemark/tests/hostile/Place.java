package io.tidemark.tests.hostile;

/**
 * Where a field, or the length of one, lies in a request's body.
 *
 * @param field its name, for messages
 * @param at its first byte
 * @param bytes how many it has
 */
record Place(Kind kind, String field, int at, int bytes) {

  /** What is written there. */
  enum Kind {
    /** The length of a string. */
    LENGTH_16,
    /** The length of bytes or records, or the number of an array's elements. */
    LENGTH_32,
    /** Any of these in the compact form, one more than the length; or a number of tags. */
    LENGTH_VARINT,
    /** A number, id or flag of a fixed size. */
    VALUE
  }
}
