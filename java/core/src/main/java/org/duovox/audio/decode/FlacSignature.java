package org.duovox.audio.decode;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The MD5 sum over the samples of a FLAC stream (RFC 9639, 8.2): interleaved, little-endian, each
/// in as many whole bytes as it needs.
final class FlacSignature {
  private final String expected;
  private final int width;
  private final MessageDigest sum;
  private byte[] bytes = {};

  /// @param expected in hexadecimal digits; "": nothing is compared
  /// @param depth bits of one sample
  FlacSignature(String expected, int depth) {
    this.expected = expected;
    this.width = (depth + 7) / 8;
    try {
      sum = MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }

  /// Adds the first `size` samples of every channel.
  void add(int[][] channels, int size) {
    if (expected.isEmpty()) {
      return;
    }
    int frame = width * channels.length;
    if (bytes.length < size * frame) {
      bytes = new byte[size * frame];
    }
    for (int c = 0; c < channels.length; c++) {
      put(channels[c], size, c * width, frame);
    }
    sum.update(bytes, 0, size * frame);
  }

  private void put(int[] samples, int size, int at, int frame) {
    for (int b = 0; b < width; b++) {
      for (int i = 0; i < size; i++) {
        bytes[at + b + i * frame] = (byte) (samples[i] >> (8 * b));
      }
    }
  }

  /// Whether the samples are those that the encoder had.
  boolean matches() {
    return expected.isEmpty() || expected.equals(HexFormat.of().formatHex(sum.digest()));
  }
}
