package org.duovox.convert.pickle;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// Bytes of known length somewhere in a file, read from any place on without holding them.
public abstract class ByteSource {
  /// Returns the number of bytes.
  public abstract long size();

  /// A stream from an offset on; it ends where the source ends, or earlier when the file does.
  public abstract InputStream open(long from) throws IOException;

  /// Bytes that have to be unpacked before an offset is reached; 0 where it can be jumped to.
  public long seekCost(long from) {
    return 0;
  }

  /// A part of this source.
  public final ByteSource slice(long from, long length) {
    Objects.checkFromIndexSize(from, length, size());
    ByteSource whole = this;
    return new ByteSource() {
      @Override
      public long size() {
        return length;
      }

      @Override
      public InputStream open(long at) throws IOException {
        long start = from + Objects.checkFromToIndex(at, length, length);
        return new BoundedStream(whole.open(start), length - at);
      }

      @Override
      public long seekCost(long at) {
        return whole.seekCost(from + at);
      }
    };
  }

  /// Bytes in memory.
  public static ByteSource of(byte[] bytes) {
    return new ByteSource() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public InputStream open(long from) {
        int at = Objects.checkIndex((int) from, bytes.length + 1);
        return new ByteArrayInputStream(bytes, at, bytes.length - at);
      }
    };
  }

  /// A whole file, read by position.
  public static ByteSource of(FileChannel channel, long size) {
    return new ByteSource() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public InputStream open(long from) {
        return new Positional(channel, from, size);
      }
    };
  }

  /// The content of an entry of an archive, whose declared size was checked.
  public static ByteSource of(ZipFile zip, ZipEntry entry) {
    return new ByteSource() {
      @Override
      public long size() {
        return entry.getSize();
      }

      @Override
      public InputStream open(long from) throws IOException {
        InputStream stream = zip.getInputStream(entry);
        stream.skipNBytes(from);
        return stream;
      }

      @Override
      public long seekCost(long from) {
        return entry.getMethod() == ZipEntry.STORED ? 0 : from;
      }
    };
  }

  /// Reads a channel from a position to an end.
  private static final class Positional extends InputStream {
    private final FileChannel channel;
    private final long end;
    private long at;

    private Positional(FileChannel channel, long at, long end) {
      this.channel = channel;
      this.at = at;
      this.end = end;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (at >= end) {
        return -1;
      }
      int n = channel.read(ByteBuffer.wrap(target, offset, (int) Math.min(length, end - at)), at);
      at += Math.max(n, 0);
      return n;
    }

    @Override
    public long skip(long n) {
      long step = Math.clamp(n, 0, end - at);
      at += step;
      return step;
    }
  }

  /// A stream that ends after so many bytes, whatever follows in the one below.
  private static final class BoundedStream extends FilterInputStream {
    private long left;

    BoundedStream(InputStream below, long bytes) {
      super(below);
      left = bytes;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int n = in.read(target, offset, (int) Math.min(length, left));
      left -= Math.max(n, 0);
      return n;
    }

    @Override
    public long skip(long n) throws IOException {
      long skipped = in.skip(Math.min(n, left));
      left -= skipped;
      return skipped;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
