package org.duovox.audio;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;

/// FLAC files of up to 24 bits (RFC 9639), in Java: memory-safe, and without the cost of a child
/// process for each file. Other FLAC streams are left to the next decoder.
///
/// Every frame's CRC-16 is checked, and that there are as many samples as the header promises; when
/// there are more, or frames are missing or out of order by their numbers, all are read, with a
/// warning. An n-bit sample is divided by 2^(n-1).
public final class FlacDecoder implements AudioDecoder {
  private static final int MAGIC = 0x664C6143;
  private static final int STREAMINFO = 34;
  private static final int MAX_DEPTH = 24;
  private static final int SYNC = 0x7FFC;
  private static final int SYNC_BITS = 15;
  private static final int[] RATES = {
    0, 88_200, 176_400, 192_000, 8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000
  };
  private static final System.Logger LOG = System.getLogger(FlacDecoder.class.getName());

  /// What the STREAMINFO block says.
  private record Info(int rate, int channels, int depth, long total) {
    /// @param head at least 42 bytes that begin with the magic
    static Info of(byte[] head) {
      long packed = ByteBuffer.wrap(head).getLong(8 + 10);
      return new Info(
          (int) (packed >>> 44),
          (int) (packed >>> 41 & 7) + 1,
          (int) (packed >>> 36 & 31) + 1,
          packed & 0xF_FFFF_FFFFL);
    }
  }

  @Override
  public boolean accepts(Path file, byte[] head) {
    return head.length >= 8 + STREAMINFO
        && ByteBuffer.wrap(head).getInt(0) == MAGIC
        && (ByteBuffer.wrap(head).getInt(4) & 0x7FFF_FFFF) == STREAMINFO
        && Info.of(head).depth() <= MAX_DEPTH
        && Info.of(head).depth() >= 4;
  }

  @Override
  public void decode(Path file, byte[] head, SampleSink sink) {
    Info info = Info.of(head);
    sink.format(info.rate(), info.channels());
    sink.promised(info.total());
    long done = 0;
    try (InputStream stream = Files.newInputStream(file)) {
      FlacBits bits = new FlacBits(stream);
      try {
        skipMetadata(bits);
        Frame frame = new Frame(bits, info);
        while (more(bits, info, done)) {
          requireRunning(file);
          int size = frame.read();
          sink.frames(frame.interleaved(size), size);
          done += size;
        }
        remark(file, info, done);
        if (!frame.gap.isEmpty()) {
          warn("%s: %s: frames are missing or out of order".formatted(file, frame.gap));
        }
      } catch (EOFException e) {
        throw truncated(file, info, done);
      } catch (FlacSubframe.Broken | ArithmeticException | IndexOutOfBoundsException e) {
        throw DuovoxException.badData(
            "%s: is damaged after %d samples, before byte %d: %s. Fetch or convert it again"
                .formatted(file, done, bits.bytesRead(), e.getMessage()),
            e);
      }
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    }
  }

  /// Whether a frame follows: what a header promises is the least, what is there counts.
  private static boolean more(FlacBits bits, Info info, long done) throws IOException {
    if (info.total() == 0) {
      return !bits.atEnd();
    }
    return done < info.total() || bits.peek(SYNC_BITS) == SYNC;
  }

  private static void remark(Path file, Info info, long done) {
    if (info.total() > 0 && done > info.total()) {
      warn(
          "%s: its header promises %d samples per channel, but %d are there; all are read"
              .formatted(file, info.total(), done));
    }
  }

  private static void warn(String what) {
    LOG.log(System.Logger.Level.WARNING, what);
  }

  private static void requireRunning(Path file) {
    if (Thread.currentThread().isInterrupted()) {
      throw new DuovoxException(Kind.RETRY, "interrupted while decoding " + file);
    }
  }

  private static DuovoxException truncated(Path file, Info info, long done) {
    String promise =
        info.total() == 0
            ? "it ends within a frame, after %d samples per channel".formatted(done)
            : "its header promises %d samples per channel, %d are there"
                .formatted(info.total(), done);
    return DuovoxException.badData(
        file + ": is truncated: " + promise + ". Fetch or convert it again");
  }

  private static void skipMetadata(FlacBits bits) throws IOException {
    bits.read(32);
    boolean last = false;
    while (!last) {
      last = bits.read(1) == 1;
      bits.read(7);
      bits.skipBytes(bits.read(24));
    }
  }

  /// One frame after the other of a stream.
  private static final class Frame {
    private static final int LEFT_SIDE = 8;
    private static final int SIDE_RIGHT = 9;
    private static final int MID_SIDE = 10;

    private final FlacBits bits;
    private final FlacSubframe subframe;
    private final Info info;
    private final float scale;
    private int[][] channels = new int[0][0];
    private float[] interleaved = new float[0];
    private long samples;
    private long next = -1;
    private String gap = "";

    Frame(FlacBits bits, Info info) {
      this.bits = bits;
      this.subframe = new FlacSubframe(bits);
      this.info = info;
      this.scale = 1f / (1 << (info.depth() - 1));
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

    /// Notes the first frame that is not the next one. A stream may begin with any number, and
    /// those that a header did not promise begin anew.
    private void follow(long number, int count) {
      boolean promised = info.total() == 0 || samples < info.total();
      if (next >= 0 && number != next && promised && gap.isEmpty()) {
        gap = "after %d samples number %d follows, not %d".formatted(samples, number, next);
      }
      next = number + count;
    }

    private void requireRate(int code) throws IOException {
      int rate =
          switch (code) {
            case 0 -> info.rate();
            case 12 -> 1000 * bits.read(8);
            case 13 -> bits.read(16);
            case 14 -> 10 * bits.read(16);
            case 15 -> -1;
            default -> RATES[code];
          };
      if (rate != info.rate()) {
        throw new FlacSubframe.Broken("a frame of another sample rate than the header's");
      }
    }

    private void requireDepth(int code) throws IOException {
      int depth =
          switch (code) {
            case 0 -> info.depth();
            case 1 -> 8;
            case 2 -> 12;
            case 4 -> 16;
            case 5 -> 20;
            case 6 -> 24;
            default -> -1;
          };
      if (depth != info.depth()) {
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
      if (count != info.channels() || assignment > MID_SIDE) {
        throw new FlacSubframe.Broken("a frame of other channels than the header's");
      }
      if (channels.length < count || channels[0].length < size) {
        channels = new int[count][size];
      }
      for (int c = 0; c < count; c++) {
        boolean side = assignment == SIDE_RIGHT ? c == 0 : assignment >= LEFT_SIDE && c == 1;
        subframe.read(channels[c], size, info.depth() + (side ? 1 : 0));
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
      int count = info.channels();
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
}
