package org.duovox.io;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.duovox.DuovoxException;

/// Rows of one floating-point tensor of a safetensors file, mapped into memory and read in place.
///
/// For files of our own, as [MappedTensor]; F32 and F16, (rows, width). Safe for use by several
/// threads; the mapping ends with the object.
public final class MappedRows {
  private final Path file;
  private final int rows;
  private final int width;
  private final FloatBuffer floats; // One of the two is null.
  private final ShortBuffer halves;

  private MappedRows(Path file, TensorInfo tensor, FloatBuffer floats, ShortBuffer halves) {
    this.file = file;
    this.rows = (int) tensor.shape()[0];
    this.width = (int) tensor.shape()[1];
    this.floats = floats;
    this.halves = halves;
  }

  /// Maps a tensor that must be there.
  public static MappedRows open(Path file, String name) {
    try (SafetensorsFile tensors = Safetensors.open(file)) {
      TensorInfo tensor = tensors.require(name);
      boolean known = tensor.dtype() == DType.F32 || tensor.dtype() == DType.F16;
      if (!known || tensor.shape().length != 2) {
        throw DuovoxException.badData(
            "%s: tensor \"%s\" is %s%s; it must be F32 or F16 of rows and columns"
                .formatted(file, name, tensor.dtype(), Arrays.toString(tensor.shape())));
      }
      ByteBuffer bytes = MappedTensor.map(tensors, tensor);
      return tensor.dtype() == DType.F32
          ? new MappedRows(file, tensor, bytes.asFloatBuffer(), null)
          : new MappedRows(file, tensor, null, bytes.asShortBuffer());
    }
  }

  public int rows() {
    return rows;
  }

  /// Values of a row.
  public int width() {
    return width;
  }

  /// Puts one row into the target, from its index `at` on; the target's position stays.
  ///
  /// @throws DuovoxException (IO) when the file was cut off
  public void read(int row, FloatBuffer target, int at) {
    int from = Math.multiplyExact(row, width);
    try {
      if (floats != null) {
        target.put(at, floats, from, width);
        return;
      }
      for (int i = 0; i < width; i++) {
        target.put(at + i, Float.float16ToFloat(halves.get(from + i)));
      }
    } catch (InternalError e) {
      throw MappedTensor.cutOff(file); // How the JVM tells of a page that is no longer there.
    }
  }
}
