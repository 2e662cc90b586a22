package org.duovox.audio.decode;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  private static final Pattern SPHERE_SIZE = Pattern.compile("^NIST_1A\\n *([0-9]{1,9})\\n");

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

  /// Finds the samples of a file.
  ///
  /// @param head the first bytes of the file
  /// @return empty for files of other kinds and those without samples
  static Optional<SampleChunk> find(Path file, SeekableByteChannel channel, byte[] head)
      throws IOException {
    if (WavChunks.isWav(head)) {
      return wav(channel, head);
    }
    String magic = HeaderBytes.text(ByteBuffer.wrap(head), 0);
    return switch (magic) {
      case ".snd" -> au(channel, ByteBuffer.wrap(head));
      case "NIST" -> sphere(channel, head);
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
    if (at < 0 || (wide && !HeaderBytes.text(ByteBuffer.wrap(head), 12).equals("ds64"))) {
      return Optional.empty();
    }
    ByteOrder order = chunks.order();
    // The first chunk of RF64 and BW64 has the sizes, of the file and of the samples.
    List<Size> sizes =
        wide
            ? List.of(new Size(20, 8, order, 8), new Size(28, 8, order, at))
            : List.of(new Size(4, 4, order, 8), new Size(at - 4, 4, order, at));
    boolean closed = WavLength.endsAt(chunks, channel, chunks.dataSize());
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

  /// Reads the header of a NIST SPHERE file, which is lines of text: empty when the samples are
  /// compressed or their number is not given.
  private static Optional<SampleChunk> sphere(SeekableByteChannel channel, byte[] head)
      throws IOException {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    Matcher size = SPHERE_SIZE.matcher(text);
    OptionalLong count = sphereNumber(text, "sample_count");
    OptionalLong bytes = sphereNumber(text, "sample_n_bytes");
    boolean packed =
        text.contains("shorten") || text.contains("shortpack") || text.contains("wavpack");
    if (packed || !size.find() || count.isEmpty() || bytes.isEmpty()) {
      return Optional.empty();
    }
    long at = Long.parseLong(size.group(1));
    long frame = bytes.getAsLong() * sphereNumber(text, "channel_count").orElse(1);
    return Optional.of(
        new SampleChunk(
            at, count.getAsLong() * frame, 0, 1, channel.size() - at, false, List.of()));
  }

  private static OptionalLong sphereNumber(String text, String key) {
    Matcher matcher = Pattern.compile("(?m)^" + key + " -i ([0-9]{1,9})$").matcher(text);
    return matcher.find()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }

  /// Whether the header has the placeholder of a pipe, so that the samples go on to the end.
  ///
  /// @throws DuovoxException (BAD_DATA) for a truncated file
  boolean isOpen(Path file) {
    boolean none = stated >= 0 && stated <= empty;
    if ((none || WavLength.isPlaceholder(stated)) && !(stated < available && closed)) {
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

  /// Opens the bytes of a file up to the end of its samples, with the sizes in its header mended.
  ///
  /// @param end of the samples, as [#mendedEnd] gives it
  InputStream openMended(Path file, long end) throws IOException {
    return new MendedStream(file, sizes, end);
  }

  /// The bytes of a file up to the end of its samples, with the sizes in its header mended, for a
  /// program that believes them.
  private static final class MendedStream extends FilterInputStream {
    private final List<Size> sizes;
    private final long end;
    private long position;

    /// @param sizes the numbers to mend
    /// @param end of the samples
    MendedStream(Path file, List<Size> sizes, long end) throws IOException {
      super(Files.newInputStream(file));
      this.sizes = sizes;
      this.end = end;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (position == end) {
        return -1;
      }
      int count = super.read(bytes, offset, (int) Math.min(length, end - position));
      if (count < 0) {
        throw new IOException("it became shorter while it was read");
      }
      for (Size size : sizes) {
        byte[] number = size.of(end);
        for (int i = 0; i < number.length; i++) {
          long at = size.at() + i - position;
          if (at >= 0 && at < count) {
            bytes[offset + (int) at] = number[i];
          }
        }
      }
      position += count;
      return count;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
