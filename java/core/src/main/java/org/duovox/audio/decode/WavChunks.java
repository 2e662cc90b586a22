package org.duovox.audio.decode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.util.Optional;
import java.util.Set;

/// The chunks of a WAV file up to its samples: RIFF, RIFX (big-endian), RF64 and BW64 (whose chunk
/// `ds64` has the sizes that 32 bits do not hold). Nothing in them can be trusted.
///
/// @param magic the first four bytes
/// @param format the chunk `fmt `, if it was found
/// @param dataAt where the samples begin; -1: no data chunk was found
/// @param dataSize the size that the header states for them, as an unsigned number; -1: of 64 bits,
///   and unknown
/// @param sized whether that is a size, not the mark of one in a chunk `ds64` that does not stand
///   before the samples
/// @param fileSize bytes of the whole file
record WavChunks(
    String magic,
    Optional<WavFormat> format,
    long dataAt,
    long dataSize,
    boolean sized,
    long fileSize) {
  // A file of nothing but empty chunks must not keep anybody busy.
  private static final int MOST_CHUNKS = 10_000;
  private static final long UNKNOWN = 0xFFFF_FFFFL;
  private static final Set<String> MAGIC = Set.of("RIFF", "RIFX", "RF64", "BW64");
  private static final Set<String> KNOWN =
      Set.of("fmt ", "data", "LIST", "fact", "bext", "JUNK", "junk", "PEAK", "cue ", "ds64");

  static boolean isWav(byte[] head) {
    return head.length >= 12
        && MAGIC.contains(HeaderBytes.text(ByteBuffer.wrap(head), 0))
        && HeaderBytes.text(ByteBuffer.wrap(head), 8).equals("WAVE");
  }

  static boolean isBigEndian(byte[] head) {
    return HeaderBytes.text(ByteBuffer.wrap(head), 0).equals("RIFX");
  }

  boolean bigEndian() {
    return magic.equals("RIFX");
  }

  ByteOrder order() {
    return bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  /// Whether sizes have 32 bits only, so that they may have wrapped around.
  boolean has32Bits() {
    return magic.equals("RIFF") || magic.equals("RIFX");
  }

  /// Bytes from the samples' beginning to the end of the file.
  long available() {
    return fileSize - dataAt;
  }

  /// Reads a file that [#isWav].
  static WavChunks read(SeekableByteChannel channel) throws IOException {
    String magic = HeaderBytes.text(HeaderBytes.read(channel, 0, 12, ByteOrder.LITTLE_ENDIAN), 0);
    ByteOrder order = magic.equals("RIFX") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    long end = channel.size();
    WavFormat format = null;
    boolean wide = !magic.startsWith("RIF");
    boolean hasSizes = false;
    long size64 = -1;
    long at = 12;
    for (int n = 0; n < MOST_CHUNKS && at + 8 <= end; n++) {
      ByteBuffer header = HeaderBytes.read(channel, at, 8, order);
      String name = HeaderBytes.text(header, 0);
      long size = Integer.toUnsignedLong(header.getInt(4));
      if (name.equals("data")) {
        long stated = size == UNKNOWN && size64 > 0 ? size64 : size;
        boolean sized = !wide || hasSizes || size != UNKNOWN;
        return new WavChunks(magic, Optional.ofNullable(format), at + 8, stated, sized, end);
      }
      if (name.equals("fmt ") && size >= WavFormat.LEAST_BYTES) {
        format =
            format(
                HeaderBytes.read(
                    channel, at + 8, (int) Math.min(size, WavFormat.MOST_BYTES), order));
      }
      if (name.equals("ds64") && wide) {
        hasSizes = true;
        ByteBuffer chunk = HeaderBytes.read(channel, at + 8, 16, order);
        size64 = chunk.limit() < 16 ? -1 : chunk.getLong(8);
      }
      at = next(channel, at + 8, size, order);
    }
    return new WavChunks(magic, Optional.ofNullable(format), -1, 0, true, end);
  }

  private static WavFormat format(ByteBuffer chunk) {
    return chunk.limit() < WavFormat.LEAST_BYTES ? null : WavFormat.parse(chunk);
  }

  /// Where the chunk behind another begins: chunks are padded to even sizes, but some programs
  /// forget that.
  private static long next(SeekableByteChannel channel, long content, long size, ByteOrder order)
      throws IOException {
    long plain = content + size;
    if ((size & 1) == 0) {
      return plain;
    }
    boolean forgotten =
        KNOWN.contains(HeaderBytes.text(HeaderBytes.read(channel, plain, 4, order), 0))
            && !KNOWN.contains(HeaderBytes.text(HeaderBytes.read(channel, plain + 1, 4, order), 0));
    return forgotten ? plain : plain + 1;
  }

  /// Whether nothing but chunks, or tags as music players append them, lies from a place to the end
  /// of the file.
  static boolean endsInChunks(SeekableByteChannel channel, long from, ByteOrder order)
      throws IOException {
    long end = channel.size();
    long at = from;
    for (int n = 0; at < end; n++) {
      ByteBuffer header = HeaderBytes.read(channel, at, 8, order);
      String name = HeaderBytes.text(header, 0);
      if ((name.startsWith("TAG") && end - at == 128)
          || name.startsWith("ID3")
          || name.equals("APET")) {
        return true;
      }
      boolean printable = name.length() == 4 && name.chars().allMatch(c -> c >= ' ' && c <= '~');
      if (header.limit() < 8 || !printable || n == MOST_CHUNKS) {
        return false;
      }
      at = next(channel, at + 8, Integer.toUnsignedLong(header.getInt(4)), order);
    }
    return at <= end + 1; // The last one's padding may be left out.
  }

  /// Whether a further data chunk that is not empty follows in the chunks from a place on.
  static boolean holdsSamples(SeekableByteChannel channel, long from, ByteOrder order)
      throws IOException {
    long end = channel.size();
    long at = from;
    for (int n = 0; n < MOST_CHUNKS && at + 8 < end; n++) {
      ByteBuffer header = HeaderBytes.read(channel, at, 8, order);
      String name = HeaderBytes.text(header, 0);
      if (name.equals("data") && header.getInt(4) != 0) {
        return true;
      }
      if (!name.chars().allMatch(c -> c >= ' ' && c <= '~')) {
        return false;
      }
      at = next(channel, at + 8, Integer.toUnsignedLong(header.getInt(4)), order);
    }
    return false;
  }
}
