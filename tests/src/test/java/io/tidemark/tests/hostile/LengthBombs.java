package io.tidemark.tests.hostile;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** What a hostile client may write where a length or a number is due. */
final class LengthBombs {
  private static final int TAIL_BYTES = 48 * 1024;

  private static final List<byte[]> LENGTHS_16 = bytes("ffff", "fffe", "8000", "7fff", "0100");
  private static final List<byte[]> LENGTHS_32 =
      bytes("ffffffff", "fffffffe", "80000000", "7fffffff", "7ffffff0", "05f5e100", "0000b000");
  private static final List<byte[]> VARINTS =
      bytes("00", "ffffffff0f", "ffffffff07", "80808080808001", "80e1eb17", "808003", "ff7f");
  private static final List<byte[]> VALUES = bytes("ff", "7f", "80");

  private LengthBombs() {}

  private static List<byte[]> bytes(String... hex) {
    return Arrays.stream(hex).map(HexFormat.of()::parseHex).toList();
  }

  /** How many there are for a place. */
  static int count(Place place) {
    return bombs(place).size();
  }

  private static List<byte[]> bombs(Place place) {
    return switch (place.kind()) {
      case LENGTH_16 -> LENGTHS_16;
      case LENGTH_32 -> LENGTHS_32;
      case LENGTH_VARINT -> VARINTS;
      case VALUE -> VALUES;
    };
  }

  /** The body with one of them in its place; with a tail of zeroes lengths may even hold. */
  static byte[] plant(byte[] body, Place place, int which, boolean withTail) {
    byte[] bomb = bombs(place).get(which);
    int tail = withTail ? TAIL_BYTES : 0;
    int length = place.kind() == Place.Kind.VALUE ? place.bytes() : bomb.length;
    byte[] planted = new byte[body.length - place.bytes() + length + tail];
    System.arraycopy(body, 0, planted, 0, place.at());
    byte fill = (byte) (bomb[0] == (byte) 0x80 ? 0 : -1); // the least, the greatest, or -1
    Arrays.fill(planted, place.at(), place.at() + length, fill);
    System.arraycopy(bomb, 0, planted, place.at(), Math.min(bomb.length, length));
    int rest = place.at() + place.bytes();
    System.arraycopy(body, rest, planted, place.at() + length, body.length - rest);
    return planted;
  }
}
