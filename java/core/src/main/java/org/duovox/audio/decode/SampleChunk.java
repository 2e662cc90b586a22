package org.duovox.audio.decode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.duovox.DuovoxException;

/// Where the samples of a file that FFmpeg decodes stand, and how long its header says they are.
///
/// FFmpeg takes the placeholder that a program writes into a pipe for a truncated file or one
/// without samples, and padding that is counted as samples for a damaged frame; and it does not see
/// that some truncated files are so.
///
/// @param at where they begin
/// @param stated their size in bytes, as the header has it
/// @param empty the bytes of that which are there when there are no samples
/// @param frame bytes of one frame; 1 where samples are compressed
/// @param available bytes from their beginning to the end of the file
/// @param closed whether nothing but chunks follows the stated size
/// @param sizes the numbers of the header that say where the file or its samples end; none where
///   FFmpeg does not mind them
record SampleChunk(
    long at, long stated, long empty, int frame, long available, boolean closed, List<Size> sizes) {

  /// A number of the header: the bytes from a place to the end of the samples, and so of the file.
  ///
  /// @param at where the number stands
  /// @param bytes 4 or 8
  /// @param from the place that it counts from
  record Size(long at, int bytes, ByteOrder order, long from) {
    private static final long MOST_OF_32_BITS = 0xFFFF_FFFFL;

    boolean holds(long end) {
      return bytes == Long.BYTES || end - from <= MOST_OF_32_BITS;
    }

    /// The number as it must be in a file that ends there.
    byte[] of(long end) {
      ByteBuffer number = ByteBuffer.allocate(bytes).order(order);
      return bytes == Long.BYTES
          ? number.putLong(end - from).array()
          : number.putInt((int) (end - from)).array();
    }
  }

  /// Finds it.
  ///
  /// @param head the first bytes of the file
  /// @return empty for files of other kinds and those without samples
  static Optional<SampleChunk> find(Path file, SeekableByteChannel channel, byte[] head)
      throws IOException {
    if (WavChunks.isWav(head)) {
      return wav(channel, head);
    }
    String magic = WavChunks.text(ByteBuffer.wrap(head), 0);
    return switch (magic) {
      case ".snd" -> au(channel, ByteBuffer.wrap(head));
      case "NIST" -> SphereHeader.samples(channel, head);
      default -> {
        Optional<ChunkForm> form = ChunkForm.of(magic);
        yield form.isPresent() ? form.get().find(file, channel) : Optional.empty();
      }
    };
  }

  private static Optional<SampleChunk> au(SeekableByteChannel channel, ByteBuffer head)
      throws IOException {
    if (head.limit() < 12) {
      return Optional.empty();
    }
    long at = Integer.toUnsignedLong(head.getInt(4));
    long stated = Integer.toUnsignedLong(head.getInt(8));
    return Optional.of(new SampleChunk(at, stated, 0, 1, channel.size() - at, false, List.of()));
  }

  private static Optional<SampleChunk> wav(SeekableByteChannel channel, byte[] head)
      throws IOException {
    WavChunks chunks = WavChunks.read(channel);
    long at = chunks.dataAt();
    boolean wide = !chunks.has32Bits();
    if (at < 0 || (wide && !WavChunks.text(ByteBuffer.wrap(head), 12).equals("ds64"))) {
      return Optional.empty();
    }
    ByteOrder order = chunks.order();
    // The first chunk of RF64 and BW64 has the sizes, of the file and of the samples.
    List<Size> sizes =
        wide
            ? List.of(new Size(20, 8, order, 8), new Size(28, 8, order, at))
            : List.of(new Size(4, 4, order, 8), new Size(at - 4, 4, order, at));
    boolean closed = WavData.endsAt(chunks, channel, chunks.dataSize());
    return Optional.of(
        new SampleChunk(
            at,
            chunks.dataSize(),
            0,
            chunks.format().map(WavFormat::frameBytes).orElse(1),
            chunks.available(),
            closed,
            sizes));
  }

  /// Whether the header has the placeholder of a pipe, so that the samples go on to the end.
  ///
  /// @throws DuovoxException (BAD_DATA) for a truncated file
  boolean isOpen(Path file) {
    boolean none = stated >= 0 && stated <= empty;
    if ((none || WavData.isPlaceholder(stated)) && !(stated < available && closed)) {
      return available > empty;
    }
    if (stated < 0 || stated > available) {
      throw DuovoxException.badData(
          "%s: is truncated: its header promises %s bytes of samples, %d are there. Fetch or convert it again"
              .formatted(
                  file, Long.toUnsignedString(stated - empty), Math.max(0, available - empty)));
    }
    return false;
  }

  /// Where the last whole frame ends, if FFmpeg has to be told.
  ///
  /// @param open whether the samples go on to the end of the file
  OptionalLong mendedEnd(boolean open) {
    long bytes = Math.max(0, (open ? available : stated) - empty);
    long end = at + empty + bytes / frame * frame;
    boolean mendable = !sizes.isEmpty() && sizes.stream().allMatch(size -> size.holds(end));
    return mendable && (open || bytes % frame != 0) ? OptionalLong.of(end) : OptionalLong.empty();
  }
}
