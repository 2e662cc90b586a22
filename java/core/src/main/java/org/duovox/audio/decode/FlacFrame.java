package org.duovox.audio.decode;

import java.io.IOException;

/// One frame after the other of a FLAC stream (RFC 9639, 9).
final class FlacFrame {
  private static final int SYNC = 0x7FFC;
  private static final int SYNC_BITS = 15;
  private static final int[] RATES = {
    0, 88_200, 176_400, 192_000, 8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000
  };
  private static final int LEFT_SIDE = 8;
  private static final int SIDE_RIGHT = 9;
  private static final int MID_SIDE = 10;

  private final FlacBits bits;
  private final FlacSubframe subframe;
  private final FlacHeader header;
  private final float scale;
  private int[][] channels = new int[0][0];
  private float[] interleaved = new float[0];
  private long samples;
  private long next = -1;
  private String gap = "";

  FlacFrame(FlacBits bits, FlacHeader header) {
    this.bits = bits;
    this.subframe = new FlacSubframe(bits);
    this.header = header;
    this.scale = 1f / (1 << (header.depth() - 1));
  }

  /// Whether another frame begins here.
  boolean follows() throws IOException {
    return bits.peek(SYNC_BITS) == SYNC;
  }

  /// Samples per channel that were read.
  long samples() {
    return samples;
  }

  /// The first place where a frame was not the next one; "" when there was none.
  String gap() {
    return gap;
  }

  /// The samples of the last frame, by channels.
  int[][] channels() {
    return channels;
  }

  /// Reads the next frame and returns its samples per channel.
  int read() throws IOException {
    bits.startSum();
    if (bits.read(SYNC_BITS) != SYNC) {
      throw new FlacSubframe.Broken("no frame where one should begin");
    }
    boolean variable = bits.read(1) == 1;
    int sizeCode = bits.read(4);
    int rateCode = bits.read(4);
    int assignment = bits.read(4);
    requireDepth(bits.read(3));
    bits.read(1);
    long number = number();
    int size = size(sizeCode);
    requireRate(rateCode);
    bits.read(8); // The header's CRC-8: the CRC-16 of the frame covers it.
    readChannels(assignment, size);
    bits.align();
    int sum = bits.sum();
    if (bits.read(16) != sum) {
      throw new FlacSubframe.Broken("a frame has not the checksum that it says");
    }
    follow(number, variable ? size : 1);
    samples += size;
    return size;
  }

  /// Notes the first frame that is not the next one. A stream may begin with any number, and those
  /// that a header did not promise begin anew.
  private void follow(long number, int count) {
    boolean promised = header.promised() == 0 || samples < header.promised();
    if (next >= 0 && number != next && promised && gap.isEmpty()) {
      gap = "after %d samples number %d follows, not %d".formatted(samples, number, next);
    }
    next = number + count;
  }

  private void requireRate(int code) throws IOException {
    int rate =
        switch (code) {
          case 0 -> header.rate();
          case 12 -> 1000 * bits.read(8);
          case 13 -> bits.read(16);
          case 14 -> 10 * bits.read(16);
          case 15 -> -1;
          default -> RATES[code];
        };
    if (rate != header.rate()) {
      throw new FlacSubframe.Broken("a frame of another sample rate than the header's");
    }
  }

  private void requireDepth(int code) throws IOException {
    int depth =
        switch (code) {
          case 0 -> header.depth();
          case 1 -> 8;
          case 2 -> 12;
          case 4 -> 16;
          case 5 -> 20;
          case 6 -> 24;
          default -> -1;
        };
    if (depth != header.depth()) {
      throw new FlacSubframe.Broken("a frame of another sample size than the header's");
    }
  }

  /// The number of the frame or sample, coded as UTF-8 codes characters, in up to seven bytes.
  private long number() throws IOException {
    int first = bits.read(8);
    int more = Integer.numberOfLeadingZeros(~(first << 24)) - 1;
    if (more == 0 || more > 6) {
      throw new FlacSubframe.Broken("a frame without a number");
    }
    if (more < 0) {
      return first;
    }
    long number = first & ((1 << (6 - more)) - 1);
    for (int i = 0; i < more; i++) {
      number = number << 6 | (bits.read(8) & 0x3F);
    }
    return number;
  }

  private int size(int code) throws IOException {
    return switch (code) {
      case 0 -> throw new FlacSubframe.Broken("a frame of the reserved size");
      case 1 -> 192;
      case 2, 3, 4, 5 -> 144 << code;
      case 6 -> bits.read(8) + 1;
      case 7 -> bits.read(16) + 1;
      default -> 1 << code;
    };
  }

  private void readChannels(int assignment, int size) throws IOException {
    int count = assignment < LEFT_SIDE ? assignment + 1 : 2;
    if (count != header.channels() || assignment > MID_SIDE) {
      throw new FlacSubframe.Broken("a frame of other channels than the header's");
    }
    if (channels.length < count || channels[0].length < size) {
      channels = new int[count][size];
    }
    for (int c = 0; c < count; c++) {
      boolean side = assignment == SIDE_RIGHT ? c == 0 : assignment >= LEFT_SIDE && c == 1;
      subframe.read(channels[c], size, header.depth() + (side ? 1 : 0));
    }
    if (assignment >= LEFT_SIDE) {
      decorrelate(assignment, channels[0], channels[1], size);
    }
  }

  private static void decorrelate(int assignment, int[] first, int[] second, int size) {
    for (int i = 0; i < size; i++) {
      int a = first[i];
      int b = second[i];
      switch (assignment) {
        case LEFT_SIDE -> second[i] = a - b;
        case SIDE_RIGHT -> first[i] = a + b;
        default -> {
          int mid = (a << 1) | (b & 1);
          first[i] = (mid + b) >> 1;
          second[i] = (mid - b) >> 1;
        }
      }
    }
  }

  float[] interleaved(int size) {
    int count = header.channels();
    if (interleaved.length < size * count) {
      interleaved = new float[size * count];
    }
    for (int c = 0; c < count; c++) {
      int[] samples = channels[c];
      for (int i = 0; i < size; i++) {
        interleaved[i * count + c] = samples[i] * scale;
      }
    }
    return interleaved;
  }
}
