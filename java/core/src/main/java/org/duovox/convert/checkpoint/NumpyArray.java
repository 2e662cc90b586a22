package org.duovox.convert.checkpoint;

import java.util.Arrays;
import java.util.Optional;
import org.duovox.convert.pickle.ByteSource;
import org.duovox.convert.pickle.Malformed;
import org.duovox.convert.pickle.Tuple;
import org.duovox.convert.pickle.Unpickler;

/// A NumPy array: made empty, filled by its state.
final class NumpyArray implements Unpickler.Stateful {
  private Tensor tensor;

  /// Its elements; empty for an array of objects or texts.
  Optional<Tensor> tensor() {
    return Optional.ofNullable(tensor);
  }

  /// A tuple: version, shape, type, whether in column-major order, bytes.
  @Override
  public void setState(Object state) {
    if (!(state instanceof Tuple fields) || fields.size() < 4) {
      throw new Malformed("a NumPy array without a state");
    }
    int at = fields.size() - 4; // The oldest states have no version.
    if (!(fields.get(at + 1) instanceof NumpyType type)) {
      throw new Malformed("a NumPy array without a type");
    }
    ByteSource bytes =
        switch (fields.get(at + 3)) {
          case ByteSource source -> source;
          case String text -> PythonClasses.latin(text);
          case null, default -> null; // The objects of an array of objects.
        };
    if (bytes != null) {
      fill(type, Tensor.longs(fields.get(at)), Boolean.TRUE.equals(fields.get(at + 2)), bytes);
    }
  }

  void fill(NumpyType type, long[] shape, boolean columnMajor, ByteSource bytes) {
    if (type.dtype().isEmpty()) {
      return; // Texts and the like; a layout that needs them says so.
    }
    long size = byteSize(type, shape);
    if (size != bytes.size()) {
      throw new Malformed(
          "an array of shape %s and %d bytes, but %d bytes are there"
              .formatted(Arrays.toString(shape), size, bytes.size()));
    }
    Storage storage =
        new Storage(type.dtype().get(), size / type.itemSize(), type.bigEndian(), "an array");
    tensor = Tensor.whole(storage.with(bytes), shape, columnMajor);
  }

  /// Bytes of an array, computed without overflow.
  static long byteSize(NumpyType type, long[] shape) {
    try {
      long size = type.itemSize();
      for (long length : shape) {
        if (length < 0) {
          throw new Malformed("the negative size " + length);
        }
        size = Math.multiplyExact(size, length);
      }
      return size;
    } catch (ArithmeticException e) {
      throw new Malformed("the sizes " + Arrays.toString(shape) + " overflow");
    }
  }
}
