package org.duovox.io.tensors;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.io.ArraySize;
import org.duovox.io.FileKind;
import org.duovox.io.atomic.AtomicFiles;

/// An open NumPy `.npy` file of little-endian float16, float32 or float64 in C order, format
/// versions 1 to 3; and the writer of float32 files.
///
/// Positional reads on demand, safe for use by several threads. The whole header is checked before
/// anything is read, and a file whose size is not exactly what the header says is refused. Nothing
/// is ever unpickled. Source of the format: numpy.lib.format.
public final class NpyFile implements AutoCloseable {
  /// Bytes before the header's text in version 1: magic, version, length.
  static final int PREFIX = 10;

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  // NumPy itself refuses longer ones from untrusted files at 10,000 characters.
  private static final int MAX_HEADER = 10_000;
  private static final int CHUNK = 1 << 18;

  private final Path file;
  private final PositionedReads reads;
  private final NpyHeader header;
  private final long dataStart;

  private NpyFile(Path file, PositionedReads reads) {
    this.file = file;
    this.reads = reads;
    long size = reads.size();
    ByteBuffer start = little((int) Math.min(PREFIX + 2, size));
    reads.read(start, 0);
    start.flip();
    int prefix = prefix(start);
    long length = prefix == PREFIX ? Short.toUnsignedLong(start.getShort(8)) : start.getInt(8);
    if (length < 2 || length > MAX_HEADER || length > size - prefix) {
      throw bad("a header of " + length + " bytes in a file of " + size);
    }
    ByteBuffer text = ByteBuffer.allocate((int) length);
    reads.read(text, prefix);
    header = NpyHeader.parse(new String(text.array(), StandardCharsets.UTF_8), file.toString());
    dataStart = prefix + length;
    requireSize(size);
  }

  /// Opens a file and checks its header and size.
  public static NpyFile open(Path file) {
    FileKind.require(file, "a .npy file", FileKind.NUMPY);
    PositionedReads reads = PositionedReads.open(file, "a .npy file");
    try {
      return new NpyFile(file, reads);
    } catch (RuntimeException e) {
      reads.close();
      throw e;
    }
  }

  /// Writes a float32 array, row-major and as long as the shape says; equal arrays give equal
  /// bytes.
  public static void write(Path target, long[] shape, float[] values) {
    write(target, shape, List.of(values).iterator());
  }

  /// Writes a float32 array whose values come in parts, so that one part at a time is in memory.
  ///
  /// @throws IllegalArgumentException when the parts do not add up to the shape
  public static void write(Path target, long[] shape, Iterator<float[]> parts) {
    NpyHeader header = new NpyHeader(DType.F32, shape.clone());
    byte[] start = start(DType.F32, shape);
    AtomicFiles.write(
        target,
        stream -> {
          stream.write(start);
          long left = header.elements();
          while (parts.hasNext()) {
            float[] part = parts.next();
            left -= part.length;
            write(part, stream);
          }
          if (left != 0) {
            throw new IllegalArgumentException(
                Arrays.toString(shape) + " got " + (header.elements() - left) + " values");
          }
        });
  }

  /// Returns the bytes of a float64 file of a row-major array.
  ///
  /// @throws IllegalArgumentException when the values are not as many as the shape says
  public static byte[] bytes(long[] shape, double[] values) {
    if (new NpyHeader(DType.F64, shape.clone()).elements() != values.length) {
      throw new IllegalArgumentException(
          Arrays.toString(shape) + " got " + values.length + " values");
    }
    byte[] start = start(DType.F64, shape);
    ByteBuffer file = little(start.length + Double.BYTES * values.length).put(start);
    file.asDoubleBuffer().put(values);
    return file.array();
  }

  /// Returns all that stands before the data, in version 1.
  private static byte[] start(DType dtype, long[] shape) {
    byte[] text = NpyHeader.text(dtype, shape).getBytes(StandardCharsets.US_ASCII);
    ByteBuffer start = little(PREFIX + text.length).put(MAGIC).put((byte) 1).put((byte) 0);
    return start.putShort((short) text.length).put(text).array();
  }

  /// Returns the file.
  public Path path() {
    return file;
  }

  /// The element type: F16, F32 or F64.
  public DType dtype() {
    return header.dtype();
  }

  /// Sizes, row-major; empty for a scalar.
  public long[] shape() {
    return header.shape().clone();
  }

  /// Reads the whole array, row-major; float64 is rounded to the nearest float.
  public float[] floats() {
    float[] values = new float[size()];
    readFloats(0, FloatBuffer.wrap(values));
    return values;
  }

  /// Reads the whole array, row-major, without rounding.
  public double[] doubles() {
    double[] values = new double[size()];
    if (header.dtype() != DType.F64) {
      float[] floats = floats();
      Arrays.setAll(values, i -> floats[i]);
      return values;
    }
    ByteBuffer buffer = little((int) Math.min(CHUNK, (long) values.length * Double.BYTES));
    for (int from = 0; from < values.length; from += buffer.capacity() / Double.BYTES) {
      int n = Math.min(values.length - from, buffer.capacity() / Double.BYTES);
      reads.read(buffer.clear().limit(n * Double.BYTES), dataStart + (long) from * Double.BYTES);
      buffer.flip().asDoubleBuffer().get(values, from, n);
    }
    return values;
  }

  private int size() {
    if (header.elements() > ArraySize.MOST) {
      throw DuovoxException.badData(
          file + ": has " + header.elements() + " elements, too many for one array");
    }
    return (int) header.elements();
  }

  /// Fills the target's remaining space from an element on, for arrays too big to hold.
  ///
  /// @throws IndexOutOfBoundsException if the array ends before the target is full
  public void readFloats(long elementOffset, FloatBuffer target) {
    long count = target.remaining();
    if (elementOffset < 0 || count > header.elements() - elementOffset) {
      throw new IndexOutOfBoundsException(
          "elements " + elementOffset + " to " + (elementOffset + count) + " of " + header);
    }
    int width = header.dtype().bytes();
    ByteBuffer buffer = little((int) Math.min(CHUNK, count * width));
    long position = dataStart + elementOffset * width;
    for (long left = count * width; left > 0; left -= buffer.limit()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), left));
      reads.read(buffer, position);
      position += buffer.limit();
      header.dtype().toFloats(buffer.flip(), target);
    }
  }

  /// Bytes before the text: one more size in versions 2 and 3.
  private int prefix(ByteBuffer start) {
    boolean magic = start.remaining() >= PREFIX && start.slice(0, 6).equals(ByteBuffer.wrap(MAGIC));
    if (!magic) {
      throw bad("it does not begin as one (" + start.remaining() + " bytes seen)");
    }
    int version = start.get(6);
    if (version < 1 || version > 3 || start.get(7) != 0) {
      throw bad("version " + version + "." + start.get(7) + "; 1.0 to 3.0 are read");
    }
    if (version > 1 && start.remaining() < PREFIX + 2) {
      throw bad("it ends within its header");
    }
    return version == 1 ? PREFIX : PREFIX + 2;
  }

  private void requireSize(long size) {
    long bytes = header.elements() * header.dtype().bytes();
    if (bytes != size - dataStart) {
      throw bad(
          "the header describes "
              + bytes
              + " bytes of data, the file holds "
              + (size - dataStart)
              + (bytes > size - dataStart ? " (it is truncated)" : " (something follows)"));
    }
  }

  private static void write(float[] values, OutputStream stream) throws IOException {
    ByteBuffer buffer = little((int) Math.min(CHUNK, (long) values.length * Float.BYTES));
    for (int from = 0; from < values.length; from += buffer.capacity() / Float.BYTES) {
      int n = Math.min(values.length - from, buffer.capacity() / Float.BYTES);
      buffer.clear().asFloatBuffer().put(values, from, n);
      stream.write(buffer.array(), 0, n * Float.BYTES);
    }
  }

  private DuovoxException bad(String what) {
    return DuovoxException.badData(file + ": not a valid .npy file: " + what);
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() {
    reads.close();
  }
}
