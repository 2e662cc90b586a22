package org.duovox.convert.checkpoint;

import java.util.Arrays;
import java.util.List;
import org.duovox.convert.pickle.Limits;
import org.duovox.convert.pickle.Malformed;
import org.duovox.convert.pickle.Tuple;
import org.duovox.io.tensors.DType;

/// A view of a storage: sizes, strides and an offset in elements, checked against the storage.
public final class Tensor {
  private final Storage storage;
  private final long base;
  private final long offset;
  private final long[] shape;
  private final long[] strides;
  private final long elements;
  private final long span;

  /// @param base where the storage's own view begins, in elements (views of the older format)
  private Tensor(Storage storage, long base, long offset, long[] shape, long[] strides) {
    this.storage = storage;
    this.base = base;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
    elements = product(shape);
    span = span(shape, strides, elements);
  }

  static Tensor of(Storage.View view, long offset, long[] shape, long[] strides) {
    if (shape.length != strides.length || shape.length > Limits.RANK) {
      throw new Malformed(
          "shape %s with strides %s".formatted(Arrays.toString(shape), Arrays.toString(strides)));
    }
    Tensor tensor = new Tensor(view.storage(), view.base(), offset, shape.clone(), strides.clone());
    if (offset < 0 || offset > view.elements() || tensor.span > view.elements() - offset) {
      throw new Malformed(
          "shape %s, strides %s and offset %d reach beyond the %d elements of %s"
              .formatted(
                  Arrays.toString(shape),
                  Arrays.toString(strides),
                  offset,
                  view.elements(),
                  view.storage().name()));
    }
    return tensor;
  }

  /// All of a storage, in row-major or column-major order.
  static Tensor whole(Storage storage, long[] shape, boolean columnMajor) {
    Storage.View view = Storage.View.of(storage);
    if (product(shape) != storage.elements()) {
      throw new Malformed(
          "an array of shape %s with %d elements"
              .formatted(Arrays.toString(shape), storage.elements()));
    }
    return of(view, 0, shape, columnMajor ? columnMajor(shape) : rowMajor(shape));
  }

  public Storage storage() {
    return storage;
  }

  public DType dtype() {
    return storage.dtype();
  }

  /// A copy of the sizes; empty for a scalar.
  public long[] shape() {
    return shape.clone();
  }

  long[] strides() {
    return strides.clone();
  }

  public int rank() {
    return shape.length;
  }

  /// One size, counted from the front.
  public long size(int dimension) {
    return shape[dimension];
  }

  public boolean hasShape(long... sizes) {
    return Arrays.equals(shape, sizes);
  }

  public long elements() {
    return elements;
  }

  /// Its first element's place in the storage.
  public long first() {
    return base + offset;
  }

  /// Elements of the storage from its first to its last.
  public long span() {
    return span;
  }

  /// Whether its elements follow each other in row-major order.
  public boolean isContiguous() {
    long[] dense = rowMajor(shape);
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] != 1 && strides[i] != dense[i]) {
        return elements == 0;
      }
    }
    return true;
  }

  /// Without its first dimension, which must be of size 1.
  public Tensor withoutFirst() {
    return new Tensor(
        storage,
        base,
        offset,
        Arrays.copyOfRange(shape, 1, shape.length),
        Arrays.copyOfRange(strides, 1, strides.length));
  }

  public String describe() {
    return dtype() + Arrays.toString(shape);
  }

  private static long product(long[] sizes) {
    long product = 1;
    boolean empty = false;
    try {
      for (long size : sizes) {
        if (size < 0) {
          throw new Malformed("the negative size " + size);
        }
        empty |= size == 0;
        product = Math.multiplyExact(product, Math.max(size, 1));
      }
      Math.multiplyExact(product, Long.BYTES);
    } catch (ArithmeticException e) {
      throw new Malformed("the sizes " + Arrays.toString(sizes) + " overflow");
    }
    return empty ? 0 : product;
  }

  private static long span(long[] shape, long[] strides, long elements) {
    if (elements == 0) {
      return 0;
    }
    long last = 0;
    try {
      for (int i = 0; i < shape.length; i++) {
        if (strides[i] < 0) {
          throw new Malformed("the negative stride " + strides[i]);
        }
        last = Math.addExact(last, Math.multiplyExact(shape[i] - 1, strides[i]));
      }
      return Math.addExact(last, 1);
    } catch (ArithmeticException e) {
      throw new Malformed("the strides " + Arrays.toString(strides) + " overflow");
    }
  }

  private static long[] rowMajor(long[] shape) {
    long[] strides = new long[shape.length];
    long step = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = step;
      step *= Math.max(shape[i], 1);
    }
    return strides;
  }

  private static long[] columnMajor(long[] shape) {
    long[] strides = new long[shape.length];
    long step = 1;
    for (int i = 0; i < shape.length; i++) {
      strides[i] = step;
      step *= Math.max(shape[i], 1);
    }
    return strides;
  }

  /// Whole numbers of a pickle as sizes, strides or the like.
  static long[] longs(Object values) {
    List<?> list =
        switch (values) {
          case Tuple tuple -> tuple.values();
          case List<?> items -> items;
          case null, default -> throw new Malformed("sizes that are no tuple");
        };
    if (list.size() > Limits.RANK) {
      throw new Malformed(list.size() + " dimensions; at most " + Limits.RANK + " are read");
    }
    return list.stream().mapToLong(Tensor::integer).toArray();
  }

  static long integer(Object value) {
    if (value instanceof Long number) {
      return number;
    }
    throw new Malformed("a whole number is needed");
  }
}
