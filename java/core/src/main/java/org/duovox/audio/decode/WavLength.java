package org.duovox.audio.decode;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import org.duovox.DuovoxException;

/// How long the samples of a WAV file are: what its header says, where that can be.
///
/// Programs that write to a pipe cannot go back and leave 0 or a number near 2^31 or 2^32 as size:
/// then the samples go on to the end of the file. So they do where 32 bits were not enough and the
/// size has wrapped around, once that is certain. A size that the file does not have is that of a
/// truncated file.
///
/// @param bytes of samples
/// @param warning what is unusual, for the user; "" when nothing is
record WavLength(long bytes, String warning) {
  private static final long WRAP = 1L << 32;
  // Writers subtract headers of their own from the largest number; some round to whole frames.
  private static final long NEAR = 1 << 16;
  private static final long SOX_AIFF = 0x7F00_0000L;
  // Less than this behind the samples is the dirt of editors and tags.
  private static final long REST = 4096;

  /// Whether a file is so long that its 32-bit sizes may be wrong.
  static boolean isTooLong(WavChunks chunks) {
    return chunks.dataAt() >= 0 && chunks.has32Bits() && chunks.available() >= WRAP;
  }

  /// Decides.
  ///
  /// @param chunks with a data chunk
  /// @throws DuovoxException (BAD_DATA) for a truncated file, one above 4 GiB whose length nothing
  ///   tells, and one with a further data chunk
  static WavLength of(Path file, WavChunks chunks, SeekableByteChannel channel) throws IOException {
    WavLength length = decide(file, chunks, channel);
    long end = chunks.dataAt() + length.bytes();
    boolean odd = (length.bytes() & 1) == 1;
    if (WavChunks.holdsSamples(channel, end, chunks.order())
        || (odd && WavChunks.holdsSamples(channel, end + 1, chunks.order()))) {
      throw DuovoxException.badData(
          file
              + ": has samples in more than one data chunk; only those of the first would be read."
              + " Convert it to FLAC or to a WAV file of one data chunk");
    }
    return length;
  }

  private static WavLength decide(Path file, WavChunks chunks, SeekableByteChannel channel)
      throws IOException {
    if (!chunks.sized()) {
      throw DuovoxException.badData(
          file
              + ": is an RF64 file whose chunk ds64, which says how long the samples are, does not"
              + " stand before them. Convert it to FLAC or to a WAV file again");
    }
    long size = chunks.dataSize();
    long available = chunks.available();
    if (size == available) {
      return new WavLength(size, "");
    }
    if (isPlaceholder(size)) {
      boolean isSize = size < available && endsAt(chunks, channel, size);
      return isSize ? new WavLength(size, "") : toTheEnd(available);
    }
    if (size > available || size < 0) {
      throw truncated(file, chunks);
    }
    if (endsAt(chunks, channel, size)) {
      return new WavLength(size, "");
    }
    return wrapped(file, chunks, channel);
  }

  private static WavLength toTheEnd(long available) {
    return new WavLength(available, available == 0 ? "" : LengthWarnings.OPEN_END);
  }

  /// Whether a size is one that programs write when they cannot go back to the header.
  static boolean isPlaceholder(long size) {
    return size == 0
        || size == -1
        || size == Long.MAX_VALUE
        || (size <= 1L << 31 && size > (1L << 31) - NEAR)
        || (size >= SOX_AIFF - NEAR && size < SOX_AIFF + NEAR)
        || (size < WRAP && size > WRAP - NEAR);
  }

  /// Whether a file is as it should be when its samples have this size.
  static boolean endsAt(WavChunks chunks, SeekableByteChannel channel, long size)
      throws IOException {
    long end = chunks.dataAt() + size;
    return WavChunks.endsInChunks(channel, end + (size & 1), chunks.order())
        || ((size & 1) == 1 && WavChunks.endsInChunks(channel, end, chunks.order()));
  }

  /// A size that leaves a rest which is no chunk: it may lack a multiple of 2^32.
  private static WavLength wrapped(Path file, WavChunks chunks, SeekableByteChannel channel)
      throws IOException {
    long available = chunks.available();
    for (long size = chunks.dataSize() + WRAP; size <= available; size += WRAP) {
      if (endsAt(chunks, channel, size)) {
        return new WavLength(
            size,
            "is longer than its 32-bit header can say; all of its samples are read. RF64 or FLAC hold such lengths");
      }
    }
    if (available >= WRAP) {
      throw DuovoxException.badData(
          "%s: is longer than 4 GiB, but its header says %d bytes of samples and what follows is no chunk. Convert it to RF64, W64 or FLAC"
              .formatted(file, chunks.dataSize()));
    }
    long rest = available - chunks.dataSize();
    return new WavLength(
        chunks.dataSize(),
        rest < REST
            ? ""
            : "%d bytes follow the samples that its header promises and are not read; is the header right?"
                .formatted(rest));
  }

  private static DuovoxException truncated(Path file, WavChunks chunks) {
    int frame = Math.max(1, chunks.format().orElseThrow().blockAlign());
    return DuovoxException.badData(
        "%s: is truncated: its header promises %s samples per channel, %d are there. Fetch or convert it again"
            .formatted(
                file,
                Long.toUnsignedString(Long.divideUnsigned(chunks.dataSize(), frame)),
                chunks.available() / frame));
  }
}
