package org.duovox.io.tensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.duovox.DuovoxException;
import org.duovox.io.ArraySize;
import org.duovox.io.FileKind;
import org.duovox.io.Suggestions;

/// An open safetensors file: positional reads, no mapping, so a file that shrinks under us is an
/// error and not a crash.
///
/// Safe for use by several threads. All conversions are checked: a value that does not fit is
/// refused, never wrapped.
public final class SafetensorsFile implements AutoCloseable {
  private static final int CHUNK = 1 << 18;

  private final Path file;
  private final PositionedReads reads;
  private final long dataStart;
  private final SafetensorsHeader header;
  private final Map<String, TensorInfo> byName = new LinkedHashMap<>();

  private SafetensorsFile(Path file, PositionedReads reads) {
    this.file = file;
    this.reads = reads;
    long size = reads.size();
    byte[] json = new byte[headerLength(size)];
    dataStart = Long.BYTES + (long) json.length;
    reads.read(ByteBuffer.wrap(json), Long.BYTES);
    header = SafetensorsHeader.parse(json, size - dataStart, file.toString());
    header.tensors().forEach(tensor -> byName.put(tensor.name(), tensor));
  }

  static SafetensorsFile open(Path file) {
    FileKind.require(file, "a safetensors file", FileKind.SAFETENSORS);
    PositionedReads reads = PositionedReads.open(file, "a safetensors file");
    try {
      return new SafetensorsFile(file, reads);
    } catch (RuntimeException e) {
      reads.close();
      throw e;
    }
  }

  private int headerLength(long size) {
    if (size < Long.BYTES) {
      throw DuovoxException.badData(
          file + ": too short for a safetensors file (" + size + " bytes)");
    }
    ByteBuffer length = little(Long.BYTES);
    reads.read(length, 0);
    long n = length.flip().getLong();
    // As an unsigned number this is above the limit too when it is negative here.
    if (n < 0 || n > Safetensors.MAX_HEADER) {
      throw DuovoxException.badData(
          "%s: not a valid safetensors file: a header of %s bytes; at most 100000000 are allowed"
              .formatted(file, Long.toUnsignedString(n)));
    }
    if (n > size - Long.BYTES) {
      throw DuovoxException.badData(
          "%s: not a valid safetensors file: a header of %d bytes in a file of %d"
              .formatted(file, n, size));
    }
    return (int) n;
  }

  /// Returns the file.
  public Path path() {
    return file;
  }

  /// Where the data begins, in bytes from the start of the file; the places of tensors count from
  /// it.
  public long dataStart() {
    return dataStart;
  }

  /// All tensors in the order of their data.
  public List<TensorInfo> tensors() {
    return header.tensors();
  }

  /// Returns the texts under `__metadata__`.
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /// Returns the entry of a tensor, if there is one.
  public Optional<TensorInfo> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /// Returns the entry of a tensor.
  ///
  /// @throws DuovoxException (BAD_DATA) when there is none
  public TensorInfo require(String name) {
    return find(name).orElseThrow(() -> absent(name));
  }

  /// Reads the whole tensor in row-major order, from F32, F16, BF16 or F64 (rounded to the nearest
  /// float).
  public float[] floats(String name) {
    float[] values = new float[length(require(name))];
    readFloats(name, 0, FloatBuffer.wrap(values));
    return values;
  }

  /// Fills the target's remaining space from an element of the tensor on, for tensors too big to
  /// hold.
  ///
  /// @throws IndexOutOfBoundsException if the tensor ends before the target is full
  public void readFloats(String name, long elementOffset, FloatBuffer target) {
    TensorInfo tensor = require(name);
    if (!tensor.dtype().isFloating()) {
      throw wrongType(tensor, "floating-point numbers");
    }
    forChunks(
        tensor, elementOffset, target.remaining(), chunk -> tensor.dtype().toFloats(chunk, target));
  }

  /// Puts the bytes of `count` elements, little-endian as they are in the file, into the target.
  ///
  /// @throws IndexOutOfBoundsException if the tensor ends before
  public void readBytes(String name, long elementOffset, long count, ByteBuffer target) {
    TensorInfo tensor = require(name);
    requireRange(tensor, elementOffset, count);
    int width = tensor.dtype().bytes();
    ByteBuffer part =
        target.slice(
            target.position(), ArraySize.of(file + ": the bytes of " + name, count, width));
    reads.read(part, dataStart + tensor.begin() + elementOffset * width);
    target.position(target.position() + part.capacity());
  }

  /// Reads the whole tensor in row-major order, from any integer type; values outside of `int` are
  /// refused.
  public int[] ints(String name) {
    return ints(name, 0, length(require(name)));
  }

  /// Reads `count` elements of a tensor of any integer type; values outside of `int` are refused.
  ///
  /// @throws IndexOutOfBoundsException if the tensor ends before
  public int[] ints(String name, long elementOffset, int count) {
    TensorInfo tensor = require(name);
    int[] values = new int[count];
    if (tensor.dtype() == DType.I32) {
      IntBuffer target = IntBuffer.wrap(values);
      forChunks(tensor, elementOffset, count, chunk -> target.put(chunk.asIntBuffer()));
      return values;
    }
    long[] wide = longs(tensor, elementOffset, count);
    for (int i = 0; i < wide.length; i++) {
      if (wide[i] != (int) wide[i]) {
        throw fault(
            name,
            "holds %d at index %d, which does not fit 32 bits"
                .formatted(wide[i], elementOffset + i));
      }
      values[i] = (int) wide[i];
    }
    return values;
  }

  /// Reads the whole tensor in row-major order, from any integer type; U64 values above 2^63 - 1
  /// are refused.
  public long[] longs(String name) {
    TensorInfo tensor = require(name);
    return longs(tensor, 0, length(tensor));
  }

  private long[] longs(TensorInfo tensor, long elementOffset, int count) {
    if (!tensor.dtype().isInteger()) {
      throw wrongType(tensor, "whole numbers");
    }
    long[] values = new long[count];
    int[] at = {0};
    forChunks(
        tensor,
        elementOffset,
        count,
        chunk -> at[0] = tensor.dtype().toLongs(chunk, values, at[0]));
    if (tensor.dtype() == DType.U64 && LongStream.of(values).anyMatch(value -> value < 0)) {
      throw fault(tensor.name(), "holds a number above 2^63 - 1");
    }
    return values;
  }

  private void forChunks(
      TensorInfo tensor, long offset, long count, Consumer<ByteBuffer> consumer) {
    requireRange(tensor, offset, count);
    int width = tensor.dtype().bytes();
    ByteBuffer buffer = little((int) Math.min(CHUNK, count * width));
    long position = dataStart + tensor.begin() + offset * width;
    for (long left = count * width; left > 0; left -= buffer.limit()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), left));
      reads.read(buffer, position);
      position += buffer.limit();
      consumer.accept(buffer.flip());
    }
  }

  private static void requireRange(TensorInfo tensor, long offset, long count) {
    if (offset < 0 || count > tensor.elements() - offset) {
      throw new IndexOutOfBoundsException(
          "elements " + offset + " to " + (offset + count) + " of " + tensor);
    }
  }

  private int length(TensorInfo tensor) {
    if (tensor.elements() > ArraySize.MOST) {
      throw fault(tensor.name(), "has " + tensor.elements() + " elements, too many for one array");
    }
    return (int) tensor.elements();
  }

  private DuovoxException absent(String name) {
    String hint =
        Suggestions.nearest(name, byName.keySet())
            .map(near -> "; did you mean \"" + near + "\"?")
            .orElse("");
    return DuovoxException.badData(file + ": has no tensor \"" + name + "\"" + hint);
  }

  private DuovoxException wrongType(TensorInfo tensor, String wanted) {
    return fault(tensor.name(), "is " + tensor.dtype() + ", not " + wanted);
  }

  private DuovoxException fault(String tensor, String what) {
    return DuovoxException.badData(file + ": tensor \"" + tensor + "\" " + what);
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() {
    reads.close();
  }
}
