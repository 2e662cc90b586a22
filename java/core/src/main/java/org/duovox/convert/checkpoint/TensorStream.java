package org.duovox.convert.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.duovox.DuovoxException;
import org.duovox.convert.pickle.Limits;
import org.duovox.convert.pickle.Malformed;
import org.duovox.io.tensors.DType;

/// The elements of a tensor as safetensors wants them: row-major, little-endian, finite.
public final class TensorStream extends InputStream {
  private static final int CHUNK = 1 << 15;
  private static final int FLOATS_AT_ONCE = 1 << 13;

  private final String name;
  private final Tensor tensor;
  private final int width;
  private final InputStream source;
  private final byte[] gathered;
  private final StridedOrder order;
  private final byte[] chunk;
  private int used;
  private int filled;
  private long done;

  /// @param name how errors call it
  public TensorStream(String name, Tensor tensor) throws IOException {
    this.name = name;
    this.tensor = tensor;
    width = tensor.dtype().bytes();
    chunk = new byte[CHUNK * width];
    InputStream bytes = tensor.storage().bytes().open(tensor.first() * width);
    if (tensor.isContiguous()) {
      source = bytes;
      gathered = null;
      order = null;
    } else {
      source = InputStream.nullInputStream();
      gathered = gather(bytes);
      order = new StridedOrder(tensor);
    }
  }

  private byte[] gather(InputStream bytes) throws IOException {
    long size = tensor.span() * width;
    if (size > Limits.GATHERED) {
      bytes.close();
      throw DuovoxException.badData(
          ("tensor \"%s\" is not contiguous and spreads over %d bytes, more than are put in order"
                  + " in memory; save it with .contiguous()")
              .formatted(name, size));
    }
    try (bytes) {
      byte[] all = bytes.readNBytes((int) size);
      if (all.length < size) {
        throw new EOFException("the data of tensor \"" + name + "\" ends early");
      }
      return all;
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (used == filled && !fill()) {
      return -1;
    }
    int n = Math.min(length, filled - used);
    System.arraycopy(chunk, used, target, offset, n);
    used += n;
    return n;
  }

  private boolean fill() throws IOException {
    int count = (int) Math.min(CHUNK, tensor.elements() - done);
    if (count == 0) {
      return false;
    }
    filled = count * width;
    used = 0;
    if (order == null) {
      if (source.readNBytes(chunk, 0, filled) < filled) {
        throw new EOFException("the data of tensor \"" + name + "\" ends early");
      }
    } else {
      for (int i = 0; i < count; i++) {
        System.arraycopy(gathered, Math.toIntExact(order.next() * width), chunk, i * width, width);
      }
    }
    if (tensor.storage().bigEndian()) {
      swap();
    }
    requireFinite(count);
    done += count;
    return true;
  }

  private void swap() {
    for (int from = 0; from < filled; from += width) {
      for (int i = from, j = from + width - 1; i < j; i++, j--) {
        byte byteAtI = chunk[i];
        chunk[i] = chunk[j];
        chunk[j] = byteAtI;
      }
    }
  }

  private void requireFinite(int count) {
    DType dtype = tensor.dtype();
    if (!dtype.isFloating()) {
      return;
    }
    ByteBuffer values = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      boolean finite =
          switch (dtype) {
            case F32 -> Float.isFinite(values.getFloat(i * 4));
            case F64 -> Double.isFinite(values.getDouble(i * 8));
            case F16 -> (values.getShort(i * 2) & 0x7C00) != 0x7C00;
            default -> (values.getShort(i * 2) & 0x7F80) != 0x7F80; // BF16
          };
      if (!finite) {
        throw DuovoxException.badData(
            ("tensor \"%s\" holds NaN or an infinity at index %d (row-major); such weights are of no"
                    + " use: take another checkpoint")
                .formatted(name, done + i));
      }
    }
  }

  /// Reads all elements as floats, rounded to the nearest.
  ///
  /// @param values to fill; as long as the tensor has elements, which are floating-point
  public void readFloats(float[] values) throws IOException {
    byte[] bytes = new byte[FLOATS_AT_ONCE * width];
    FloatBuffer target = FloatBuffer.wrap(values);
    while (target.hasRemaining()) {
      int from = target.position();
      int count = Math.min(FLOATS_AT_ONCE, target.remaining());
      if (readNBytes(bytes, 0, count * width) < count * width) {
        throw new EOFException("the numbers end early");
      }
      ByteBuffer elements = ByteBuffer.wrap(bytes, 0, count * width);
      tensor.dtype().toFloats(elements.order(ByteOrder.LITTLE_ENDIAN), target);
      for (int i = from; i < from + count; i++) {
        if (!Float.isFinite(values[i])) {
          throw new Malformed("the number at %d is too large for a float".formatted(i));
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    source.close();
  }

  /// The places of a strided tensor's elements within its span, in row-major order.
  private static final class StridedOrder {
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
}
