package org.duovox.convert.checkpoint;

/// The places of a strided tensor's elements within its span, in row-major order.
final class StridedOrder {
  private final long[] shape;
  private final long[] strides;
  private final long[] index;
  private long place;

  StridedOrder(Tensor tensor) {
    shape = tensor.shape();
    strides = tensor.strides();
    index = new long[shape.length];
  }

  /// The place of the next element; as many calls as there are elements.
  long next() {
    long here = place;
    for (int d = shape.length - 1; d >= 0; d--) {
      place += strides[d];
      if (++index[d] < shape[d]) {
        break;
      }
      place -= strides[d] * shape[d];
      index[d] = 0;
    }
    return here;
  }
}
