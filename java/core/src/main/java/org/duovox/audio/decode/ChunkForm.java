package org.duovox.audio.decode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.duovox.audio.decode.SampleChunk.Size;

/// Audio files that are made of chunks, other than WAV; finds the chunk with the samples.
enum ChunkForm {
  AIFF("FORM", 12, 4, ByteOrder.BIG_ENDIAN, "COMM", "SSND", 8),
  CAF("caff", 8, 8, ByteOrder.BIG_ENDIAN, "desc", "data", 4),
  W64("riff", 40, 8, ByteOrder.LITTLE_ENDIAN, "fmt ", "data", 0);

  private static final int MOST_CHUNKS = 10_000;
  private static final Set<String> COMPANDED = Set.of("ulaw", "ULAW", "alaw", "ALAW");
  private static final Set<String> PLAIN =
      Set.of(
          "NONE", "twos", "sowt", "raw ", "in24", "in32", "fl32", "FL32", "fl64", "FL64", "lpcm");

  private final String magic;
  private final int first;
  private final int sizeBytes;
  private final ByteOrder order;
  private final String format;
  private final String samples;
  private final int empty;

  ChunkForm(
      String magic,
      int first,
      int sizeBytes,
      ByteOrder order,
      String format,
      String samples,
      int empty) {
    this.magic = magic;
    this.first = first;
    this.sizeBytes = sizeBytes;
    this.order = order;
    this.format = format;
    this.samples = samples;
    this.empty = empty;
  }

  /// The form of files that begin with these four characters.
  static Optional<ChunkForm> of(String magic) {
    return Arrays.stream(values()).filter(form -> form.magic.equals(magic)).findFirst();
  }

  /// The chunk with the samples, if there is one.
  Optional<SampleChunk> find(Path file, SeekableByteChannel channel) throws IOException {
    int frame = 1;
    long at = first;
    for (int n = 0; n < MOST_CHUNKS && at + header() <= channel.size(); n++) {
      ByteBuffer header = HeaderBytes.read(channel, at, header(), order);
      String name = HeaderBytes.text(header, 0);
      if (name.equals(samples)) {
        return Optional.of(chunk(channel, at, size(header), frame));
      }
      if (name.equals(format)) {
        frame = frame(file, channel, at + header(), size(header));
      }
      at = next(at, size(header));
    }
    return Optional.empty();
  }

  /// Bytes of a chunk's name and size; names of W64 are 16 bytes long.
  private int header() {
    return (this == W64 ? 16 : 4) + sizeBytes;
  }

  private long size(ByteBuffer header) {
    int number = header() - sizeBytes;
    return sizeBytes == Long.BYTES
        ? header.getLong(number)
        : Integer.toUnsignedLong(header.getInt(number));
  }

  /// Where the next chunk begins; at no place when the size cannot be. W64 counts the header and
  /// aligns to 8 bytes, AIFF to 2.
  private long next(long at, long size) {
    long next =
        switch (this) {
          case AIFF -> at + header() + size + (size & 1);
          case CAF -> at + header() + size;
          case W64 -> at + (size + 7) / 8 * 8;
        };
    return next < at + header() ? Long.MAX_VALUE - header() : next;
  }

  /// Bytes of a frame of uncompressed samples; 1 for others.
  private int frame(Path file, SeekableByteChannel channel, long content, long size)
      throws IOException {
    int count = Math.clamp(size, 0, WavFormat.MOST_BYTES);
    ByteBuffer chunk = HeaderBytes.read(channel, content, count, order);
    return switch (this) {
      case W64 -> {
        if (chunk.limit() < WavFormat.LEAST_BYTES) {
          yield 1;
        }
        WavFormat wave = WavFormat.parse(chunk);
        wave.requireKnown(file);
        yield wave.frameBytes();
      }
      case AIFF -> chunk.limit() < 18 ? 1 : aiffFrame(chunk);
      case CAF -> {
        String type = HeaderBytes.text(chunk, 8);
        boolean plain = PLAIN.contains(type) || COMPANDED.contains(type);
        yield plain && chunk.limit() >= 20 ? Math.max(1, chunk.getInt(16)) : 1;
      }
    };
  }

  private static int aiffFrame(ByteBuffer chunk) {
    int channels = Math.max(1, Short.toUnsignedInt(chunk.getShort(0)));
    int bits = Short.toUnsignedInt(chunk.getShort(6));
    String type = HeaderBytes.text(chunk, 18);
    if (COMPANDED.contains(type)) {
      return channels;
    }
    return type.isEmpty() || PLAIN.contains(type) ? channels * Math.max(1, (bits + 7) / 8) : 1;
  }

  private SampleChunk chunk(SeekableByteChannel channel, long at, long size, int frame)
      throws IOException {
    long content = at + header();
    boolean counted = this == W64 && size >= header() && size < Long.MAX_VALUE;
    Size own = new Size(content - sizeBytes, sizeBytes, order, this == W64 ? at : content);
    List<Size> sizes =
        switch (this) {
          case AIFF -> List.of(new Size(4, 4, order, 8), own);
          case CAF -> List.of(own);
          case W64 -> List.of(new Size(16, 8, order, 0), own);
        };
    return new SampleChunk(
        content,
        counted ? size - header() : size,
        empty,
        frame,
        channel.size() - content,
        endsInChunks(channel, next(at, size)),
        sizes);
  }

  /// Whether chunks lie from a place to the end of the file.
  private boolean endsInChunks(SeekableByteChannel channel, long from) throws IOException {
    long at = from;
    for (int n = 0; n < MOST_CHUNKS && at + header() <= channel.size(); n++) {
      ByteBuffer header = HeaderBytes.read(channel, at, header(), order);
      if (!HeaderBytes.text(header, 0).chars().allMatch(c -> c >= ' ' && c <= '~')) {
        return false;
      }
      at = next(at, size(header));
    }
    // Alignment behind the last one may be left out.
    return at >= channel.size() && at < channel.size() + Long.BYTES;
  }
}
