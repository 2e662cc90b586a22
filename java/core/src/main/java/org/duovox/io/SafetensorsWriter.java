package org.duovox.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.duovox.DuovoxException;

/// Writes one safetensors file tensor by tensor; nothing is visible at the target before
/// [#commit()].
///
/// The header comes first in the file and is known last, so the tensors go to a temporary file
/// meanwhile. As in the reference writer, wider element types come first, which keeps every tensor
/// aligned; within one width the order of adding is kept. Equal content gives equal bytes. For one
/// thread.
public final class SafetensorsWriter implements AutoCloseable {
  private static final int CHUNK = 1 << 18;

  private final Path target;
  private final Map<String, String> metadata;
  private final Path temporary;
  private final FileChannel data;
  private final ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
  private final List<TensorInfo> tensors = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private long written;
  private boolean open = true;

  public SafetensorsWriter(Path target, Map<String, String> metadata) {
    this.target = target;
    this.metadata = new TreeMap<>(metadata);
    this.temporary = AtomicFiles.temporarySibling(target);
    try {
      data =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
    } catch (IOException e) {
      Temporaries.forget(temporary);
      throw DuovoxException.cannotCreate("cannot create " + target, e);
    }
  }

  /// Adds an F32 tensor; `values` is row-major and as long as the shape says.
  public void add(String name, long[] shape, float[] values) {
    add(name, shape, FloatBuffer.wrap(values));
  }

  /// Adds an F32 tensor from the buffer's remaining values, which are consumed.
  public void add(String name, long[] shape, FloatBuffer values) {
    begin(name, DType.F32, shape, values.remaining());
    while (values.hasRemaining()) {
      int n = Math.min(values.remaining(), CHUNK / Float.BYTES);
      buffer.clear();
      buffer.asFloatBuffer().put(values.slice(values.position(), n));
      values.position(values.position() + n);
      drain(n * Float.BYTES);
    }
  }

  /// Adds an I32 tensor.
  public void add(String name, long[] shape, int[] values) {
    begin(name, DType.I32, shape, values.length);
    for (int from = 0; from < values.length; from += CHUNK / Integer.BYTES) {
      int n = Math.min(values.length - from, CHUNK / Integer.BYTES);
      buffer.clear();
      buffer.asIntBuffer().put(values, from, n);
      drain(n * Integer.BYTES);
    }
  }

  /// Adds an I64 tensor.
  public void add(String name, long[] shape, long[] values) {
    begin(name, DType.I64, shape, values.length);
    for (int from = 0; from < values.length; from += CHUNK / Long.BYTES) {
      int n = Math.min(values.length - from, CHUNK / Long.BYTES);
      buffer.clear();
      buffer.asLongBuffer().put(values, from, n);
      drain(n * Long.BYTES);
    }
  }

  /// Adds a U16 tensor; values outside of 0..65535 are refused.
  public void addU16(String name, long[] shape, int[] values) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] < 0 || values[i] > 0xFFFF) {
        throw new IllegalArgumentException(
            "tensor \"" + name + "\" holds " + values[i] + " at index " + i + ", which is no U16");
      }
    }
    begin(name, DType.U16, shape, values.length);
    for (int from = 0; from < values.length; from += CHUNK / Short.BYTES) {
      int n = Math.min(values.length - from, CHUNK / Short.BYTES);
      buffer.clear();
      for (int i = 0; i < n; i++) {
        buffer.putShort((short) values[from + i]);
      }
      drain(n * Short.BYTES);
    }
  }

  /// Adds a tensor of any whole-byte type from a stream of its little-endian elements, row-major;
  /// the stream must hold exactly as many as the shape says, and is not closed.
  public void add(String name, DType dtype, long[] shape, InputStream elements) throws IOException {
    long count = 1;
    for (long size : shape) {
      count = Math.multiplyExact(count, size);
    }
    begin(name, dtype, shape, count);
    for (long left = count * dtype.bytes(); left > 0; ) {
      int n = elements.readNBytes(buffer.array(), 0, (int) Math.min(CHUNK, left));
      if (n == 0) {
        throw new EOFException("tensor \"" + name + "\" ends " + left + " bytes early");
      }
      drain(n);
      left -= n;
    }
    if (elements.read() >= 0) {
      throw new IOException("tensor \"" + name + "\" is longer than its shape says");
    }
  }

  /// Writes header and data, makes them durable and renames the file to its target.
  public void commit() {
    requireOpen();
    List<TensorInfo> order = new ArrayList<>(tensors);
    order.sort(Comparator.comparingInt((TensorInfo tensor) -> tensor.dtype().bits()).reversed());
    byte[] header = HeaderText.of(order, metadata, target);
    AtomicFiles.write(
        target,
        stream -> {
          ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          stream.write(length.putLong(header.length).array());
          stream.write(header);
          for (TensorInfo tensor : order) {
            copy(tensor, stream);
          }
        });
    close();
  }

  /// Releases everything; without a commit before, the target is untouched.
  @Override
  public void close() {
    if (open) {
      open = false;
      try {
        data.close();
      } catch (IOException e) {
        // The temporary is removed next; nothing of it is wanted any more.
      }
      AtomicFiles.discard(temporary);
    }
  }

  private void copy(TensorInfo tensor, OutputStream stream) throws IOException {
    long end = tensor.end();
    for (long at = tensor.begin(); at < end; ) {
      buffer.clear().limit((int) Math.min(CHUNK, end - at));
      int n = data.read(buffer, at);
      if (n < 0) {
        throw new IOException("the temporary file " + temporary + " became shorter");
      }
      stream.write(buffer.array(), 0, n);
      at += n;
    }
  }

  private void begin(String name, DType dtype, long[] shape, long count) {
    requireOpen();
    requireName(name);
    long elements = 1;
    for (long size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException("negative size in the shape of \"" + name + "\"");
      }
      elements = Math.multiplyExact(elements, size);
    }
    if (elements != count || shape.length > Safetensors.MAX_RANK) {
      throw new IllegalArgumentException(
          "tensor \""
              + name
              + "\" of shape "
              + Arrays.toString(shape)
              + " got "
              + count
              + " values");
    }
    names.add(name);
    tensors.add(new TensorInfo(name, dtype, shape, written, written + count * dtype.bytes()));
  }

  private void requireName(String name) {
    boolean valid =
        StandardCharsets.UTF_8.newEncoder().canEncode(name)
            && name.getBytes(StandardCharsets.UTF_8).length <= Safetensors.MAX_NAME_BYTES
            && !name.equals(SafetensorsHeader.METADATA);
    if (!valid) {
      throw new IllegalArgumentException("not a tensor name: " + name);
    }
    if (names.contains(name)) {
      throw new IllegalArgumentException("tensor \"" + name + "\" was added before");
    }
  }

  private void drain(int bytes) {
    buffer.clear().limit(bytes);
    try {
      while (buffer.hasRemaining()) {
        written += data.write(buffer);
      }
    } catch (IOException e) {
      throw DuovoxException.io("cannot write " + target, e);
    }
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException("the writer of " + target + " is closed");
    }
  }
}
