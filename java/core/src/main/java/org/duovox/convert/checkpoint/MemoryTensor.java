package org.duovox.convert.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.ZipException;
import org.duovox.DuovoxException;
import org.duovox.convert.pickle.ByteSource;
import org.duovox.convert.pickle.Limits;
import org.duovox.convert.pickle.Malformed;
import org.duovox.io.tensors.DType;

/// Puts tensors together in memory.
public final class MemoryTensor {
  private MemoryTensor() {}

  /// Concatenates tensors of equal shapes along their first dimension, which may differ, as
  /// float32.
  ///
  /// @param rows of the result, at least those of all pieces; what is left is zero; 0: no more than
  ///   the pieces have
  public static Tensor stacked(String name, List<Tensor> pieces, long rows) {
    long[] shape = pieces.getFirst().shape();
    long width = shape[0] == 0 ? 0 : pieces.getFirst().elements() / shape[0];
    shape[0] = Math.max(rows, pieces.stream().mapToLong(piece -> piece.size(0)).sum());
    long bytes = Math.multiplyExact(shape[0] * width, (long) Float.BYTES);
    if (bytes > Limits.GATHERED) {
      throw new Malformed("tensor \"%s\" would take %d bytes".formatted(name, bytes));
    }
    ByteBuffer all = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (Tensor piece : pieces) {
      for (float value : floats(name, piece)) {
        all.putFloat(value);
      }
    }
    Storage storage = new Storage(DType.F32, shape[0] * width, false, name);
    return Tensor.whole(storage.with(ByteSource.of(all.array())), shape, false);
  }

  /// The values of a tensor, row-major.
  public static float[] floats(String name, Tensor tensor) {
    if (!tensor.dtype().isFloating() || tensor.elements() > Limits.GATHERED / Float.BYTES) {
      throw new Malformed("tensor \"%s\" is %s".formatted(name, tensor.describe()));
    }
    float[] values = new float[(int) tensor.elements()];
    try (TensorStream stream = new TensorStream(name, tensor)) {
      stream.readFloats(values);
      return values;
    } catch (EOFException | ZipException e) {
      throw new Malformed("the data of \"%s\" is truncated or damaged".formatted(name));
    } catch (IOException e) {
      throw DuovoxException.io("cannot read tensor \"" + name + "\"", e);
    }
  }
}
