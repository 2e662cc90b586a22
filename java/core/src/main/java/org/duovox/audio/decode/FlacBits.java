package org.duovox.audio.decode;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// Reads bits of a FLAC stream, the most significant first, and keeps the CRC-16 of its frames.
final class FlacBits {
  private static final int KEPT = Long.BYTES; // Bytes that may be in the accumulator still.
  private static final int[] CRC = table();

  private final InputStream stream;
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int limit;
  private long dropped;
  private int summed;
  private int crc;
  private long bits; // The next `count` bits, from the top.
  private int count;

  FlacBits(InputStream stream) {
    this.stream = stream;
  }

  private static int[] table() {
    int[] table = new int[256];
    for (int i = 0; i < 256; i++) {
      int value = i << 8;
      for (int bit = 0; bit < 8; bit++) {
        value = (value << 1) ^ ((value & 0x8000) == 0 ? 0 : 0x8005);
      }
      table[i] = value & 0xFFFF;
    }
    return table;
  }

  /// Bytes read so far; at the border of a byte.
  long bytesRead() {
    return dropped + consumed();
  }

  private int consumed() {
    return position - count / 8;
  }

  /// Whether the stream has ended.
  boolean atEnd() throws IOException {
    fill();
    return count == 0;
  }

  private void fill() throws IOException {
    while (count <= 56) {
      if (position == limit && !refill()) {
        return;
      }
      bits |= (buffer[position++] & 0xFFL) << (56 - count);
      count += 8;
    }
  }

  private boolean refill() throws IOException {
    int keep = Math.min(KEPT, limit);
    sum(limit - keep);
    System.arraycopy(buffer, limit - keep, buffer, 0, keep);
    dropped += limit - keep;
    summed -= limit - keep;
    int n = stream.read(buffer, keep, buffer.length - keep);
    position = keep;
    limit = keep + Math.max(0, n);
    return n > 0;
  }

  private void sum(int end) {
    int value = crc;
    for (int i = summed; i < end; i++) {
      value = ((value << 8) & 0xFFFF) ^ CRC[(value >>> 8) ^ (buffer[i] & 0xFF)];
    }
    crc = value;
    summed = Math.max(summed, end);
  }

  /// Starts a frame's sum, at the border of a byte.
  void startSum() {
    summed = consumed();
    crc = 0;
  }

  /// The sum of the bytes since [#startSum], at the border of a byte.
  int sum() {
    sum(consumed());
    return crc;
  }

  /// The next 0 to 32 bits as an unsigned number in the low bits of an int.
  int read(int n) throws IOException {
    if (n == 0) {
      return 0;
    }
    require(n);
    int value = (int) (bits >>> (64 - n));
    bits <<= n;
    count -= n;
    return value;
  }

  /// The next 1 to 32 bits without taking them; -1 when the stream ends before.
  int peek(int n) throws IOException {
    fill();
    return count < n ? -1 : (int) (bits >>> (64 - n));
  }

  /// The next 1 to 32 bits as a two's complement number.
  int readSigned(int n) throws IOException {
    require(n);
    int value = (int) (bits >> (64 - n));
    bits <<= n;
    count -= n;
    return value;
  }

  private void require(int n) throws IOException {
    if (count < n) {
      fill();
      if (count < n) {
        throw new EOFException();
      }
    }
  }

  /// The number of zeros before the next one, which is taken too.
  int readUnary() throws IOException {
    int zeros = 0;
    while (true) {
      int leading = Long.numberOfLeadingZeros(bits);
      if (leading < count) {
        bits <<= leading + 1;
        count -= leading + 1;
        return zeros + leading;
      }
      zeros = Math.addExact(zeros, count);
      bits = 0;
      count = 0;
      require(1);
    }
  }

  /// Fills `values[from, to)` with Rice-coded numbers of a parameter.
  void readRice(int parameter, int[] values, int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      if (count < 33) {
        fill();
      }
      int quotient = readUnary();
      int folded = (quotient << parameter) | read(parameter);
      values[i] = (folded >>> 1) ^ -(folded & 1);
    }
  }

  /// Skips to the border of a byte.
  void align() {
    int partial = count & 7;
    bits <<= partial;
    count -= partial;
  }

  /// Skips whole bytes.
  void skipBytes(long n) throws IOException {
    for (long i = 0; i < n; i++) {
      read(8);
    }
  }
}
