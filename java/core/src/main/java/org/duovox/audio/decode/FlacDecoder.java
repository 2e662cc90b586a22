package org.duovox.audio.decode;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;

/// FLAC files of up to 24 bits (RFC 9639), in Java: memory-safe, and without the cost of a child
/// process for each file. Other FLAC streams are left to the next decoder.
///
/// Every frame's CRC-16 is checked, that there are as many samples as the header promises, and, of
/// a file that is read whole, that they have the MD5 sum of the header; when there are more, or
/// frames are missing or out of order by their numbers, all are read, with a warning. An n-bit
/// sample is divided by 2^(n-1).
public final class FlacDecoder implements AudioDecoder {
  private static final int MAX_DEPTH = 24;
  private static final System.Logger LOG = System.getLogger(FlacDecoder.class.getName());

  private final LengthWarnings lengthWarnings = new LengthWarnings();

  @Override
  public boolean accepts(Path file, byte[] head) {
    return FlacHeader.of(head).filter(h -> h.depth() <= MAX_DEPTH && h.depth() >= 4).isPresent();
  }

  @Override
  public void decode(Path file, byte[] head, Sink sink) {
    FlacHeader header = FlacHeader.of(head).orElseThrow();
    sink.format(header.rate(), header.channels());
    try (InputStream stream = Files.newInputStream(file)) {
      requireRoom(file, header);
      sink.promised(header.promised());
      lengthWarnings.add(file, header.isOpen() ? LengthWarnings.OPEN_END : "");
      decode(file, new FlacBits(stream), header, sink);
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    }
  }

  private static void decode(Path file, FlacBits bits, FlacHeader header, Sink sink)
      throws IOException {
    FlacFrame frame = new FlacFrame(bits, header);
    // A part of a file has no sum.
    String expected = sink.firstWanted() > 0 ? "" : header.signature();
    Signature signature = new Signature(expected, header.depth());
    try {
      skipMetadata(bits);
      while (more(bits, header, frame)) {
        requireRunning(file);
        int size = frame.read();
        signature.add(frame.channels(), size);
        sink.frames(frame.interleaved(size), size);
      }
      requireOne(file, bits);
      remark(file, header, frame);
      requireSigned(file, header, frame, signature);
    } catch (EOFException e) {
      throw truncated(file, header, frame.samples());
    } catch (FlacSubframe.Broken | ArithmeticException | IndexOutOfBoundsException e) {
      throw DuovoxException.badData(
          "%s: is damaged after %d samples, before byte %d: %s. Fetch or convert it again"
              .formatted(file, frame.samples(), bits.bytesRead(), e.getMessage()),
          e);
    }
  }

  /// Whether a frame follows: what a header promises is the least, what is there counts.
  private static boolean more(FlacBits bits, FlacHeader header, FlacFrame frame)
      throws IOException {
    if (header.promised() == 0) {
      return bits.peek(Integer.SIZE) != FlacHeader.MAGIC && !bits.atEnd();
    }
    return frame.samples() < header.promised() || frame.follows();
  }

  private static void requireRoom(Path file, FlacHeader header) throws IOException {
    long bytes = Files.size(file);
    if (header.exceeds(bytes)) {
      throw DuovoxException.badData(
          "%s: is truncated or has a wrong header, which promises %d samples per channel: a file of %d bytes cannot hold them. Fetch or convert it again"
              .formatted(file, header.promised(), bytes));
    }
  }

  /// Refuses a file of several streams, which may have tags between them.
  private static void requireOne(Path file, FlacBits bits) throws IOException {
    long last = 0;
    while (!bits.atEnd()) {
      last = (last << 8) | bits.read(8);
      if ((last & ~FlacHeader.LAST_BLOCK) == FlacHeader.BEGIN) {
        throw DuovoxException.badData(
            "%s: is several FLAC files joined into one; only the first would be read. Keep them apart, or decode each and join the samples"
                .formatted(file));
      }
    }
  }

  private static void remark(Path file, FlacHeader header, FlacFrame frame) {
    if (header.promised() > 0 && frame.samples() > header.promised()) {
      warn(
          "%s: its header promises %d samples per channel, but %d are there; all are read"
              .formatted(file, header.promised(), frame.samples()));
    }
    if (!frame.gap().isEmpty()) {
      warn("%s: %s: frames are missing or out of order".formatted(file, frame.gap()));
    }
  }

  /// Compares with the sum of the header, which says nothing of frames that it does not promise.
  private static void requireSigned(
      Path file, FlacHeader header, FlacFrame frame, Signature signature) {
    boolean beyond = header.promised() > 0 && frame.samples() > header.promised();
    if (!beyond && !signature.matches()) {
      throw DuovoxException.badData(
          "%s: is damaged: its samples do not have the MD5 sum in its header, so they are not those that were encoded. Fetch it again, or encode it again from its source"
              .formatted(file));
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

  private static DuovoxException truncated(Path file, FlacHeader header, long done) {
    String promise =
        header.promised() == 0
            ? "it ends within a frame, after %d samples per channel".formatted(done)
            : "its header promises %d samples per channel, %d are there"
                .formatted(header.promised(), done);
    return DuovoxException.badData(
        file + ": is truncated: " + promise + ". Fetch or convert it again");
  }

  private static void skipMetadata(FlacBits bits) throws IOException {
    bits.read(Integer.SIZE);
    boolean last = false;
    while (!last) {
      last = bits.read(1) == 1;
      bits.read(7);
      bits.skipBytes(bits.read(24));
    }
  }

  /// The MD5 sum over the samples of a FLAC stream (RFC 9639, 8.2): interleaved, little-endian,
  /// each in as many whole bytes as it needs.
  private static final class Signature {
    private final String expected;
    private final int width;
    private final MessageDigest sum;
    private byte[] bytes = {};

    /// @param expected in hexadecimal digits; "": nothing is compared
    /// @param depth bits of one sample
    Signature(String expected, int depth) {
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
}
