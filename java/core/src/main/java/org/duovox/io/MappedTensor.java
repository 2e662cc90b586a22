package org.duovox.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.duovox.DuovoxException;

/// Whole numbers of one tensor of a safetensors file, mapped into memory and read in place.
///
/// For files of our own: they are published by a rename and never changed in place, so a mapping
/// stays what it was. The size is checked before the file is mapped; a file that is cut off
/// afterwards, by somebody else, is an error of kind IO and no crash. Tensors of other integer
/// types than I32 and I64 are read into the heap. Safe for use by several threads; the mapping ends
/// with the object.
public final class MappedTensor {
  private final Path file;
  private final String name;
  private final IntBuffer ints; // One of the two is null.
  private final LongBuffer longs;

  private MappedTensor(Path file, String name, IntBuffer ints, LongBuffer longs) {
    this.file = file;
    this.name = name;
    this.ints = ints;
    this.longs = longs;
  }

  /// Maps a tensor that must be there; its shape is not looked at.
  public static MappedTensor open(Path file, String name) {
    try (SafetensorsFile tensors = Safetensors.open(file)) {
      TensorInfo tensor = tensors.require(name);
      return switch (tensor.dtype()) {
        case I32 -> new MappedTensor(file, name, map(tensors, tensor).asIntBuffer(), null);
        case I64 -> new MappedTensor(file, name, null, map(tensors, tensor).asLongBuffer());
        default -> new MappedTensor(file, name, null, LongBuffer.wrap(tensors.longs(name)));
      };
    }
  }

  static ByteBuffer map(SafetensorsFile tensors, TensorInfo tensor) {
    Path file = tensors.path();
    long bytes = tensor.end() - tensor.begin();
    if (bytes > Integer.MAX_VALUE) {
      throw DuovoxException.badData(
          "%s: tensor \"%s\" has %d bytes; at most 2147483647 can be mapped, write several shards"
              .formatted(file, tensor.name(), bytes));
    }
    long start = tensors.dataStart() + tensor.begin();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      // A mapping beyond the end would be a fault of the processor at the first access.
      if (channel.size() < start + bytes) {
        throw cutOff(file);
      }
      return channel.map(MapMode.READ_ONLY, start, bytes).order(ByteOrder.LITTLE_ENDIAN);
    } catch (NoSuchFileException e) {
      throw DuovoxException.missing("no such file: " + file);
    } catch (IOException e) {
      throw DuovoxException.io("cannot map " + file, e);
    }
  }

  /// Number of elements.
  public int size() {
    return ints == null ? longs.capacity() : ints.capacity();
  }

  /// One element.
  public long at(int index) {
    try {
      return ints == null ? longs.get(index) : ints.get(index);
    } catch (InternalError e) {
      throw cutOff(file);
    }
  }

  /// A copy of the elements from `from` up to `to`.
  ///
  /// @throws DuovoxException (BAD_DATA) for a number that does not fit 32 bits, (IO) when the file
  ///   was cut off
  public int[] range(int from, int to) {
    int[] values = new int[to - from];
    try {
      if (ints != null) {
        ints.get(from, values);
        return values;
      }
      for (int i = 0; i < values.length; i++) {
        values[i] = narrow(longs.get(from + i), from + i);
      }
      return values;
    } catch (InternalError e) {
      throw cutOff(file); // How the JVM tells of a page that is no longer there.
    }
  }

  private int narrow(long value, int index) {
    if (value != (int) value) {
      throw DuovoxException.badData(
          "%s: tensor \"%s\" holds %d at index %d, which does not fit 32 bits"
              .formatted(file, name, value, index));
    }
    return (int) value;
  }

  static DuovoxException cutOff(Path file) {
    return DuovoxException.io(
        "cannot read " + file, new IOException("the file became shorter while it was open"));
  }
}
