package org.duovox.io.tensors;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.duovox.io.atomic.AtomicFiles;

/// Writes one safetensors file tensor by tensor; nothing is visible at the target before
/// [#commit()].
///
/// The header comes first in the file and is known last, so the tensors go to a temporary file
/// meanwhile. As in the reference writer, wider element types come first, which keeps every tensor
/// aligned; within one width the order of adding is kept. Equal content gives equal bytes. For one
/// thread.
public final class SafetensorsWriter implements AutoCloseable {
  private final Path target;
  private final Map<String, String> metadata;
  private final Spool spool;
  private final List<Stored> tensors = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  /// A tensor whose bytes are in the temporary file.
  private record Stored(String name, DType dtype, List<Long> shape, Spool.Extents extents) {}

  public SafetensorsWriter(Path target, Map<String, String> metadata) {
    this.target = target;
    this.metadata = new TreeMap<>(metadata);
    this.spool = new Spool(target);
  }

  /// Adds an F32 tensor; `values` is row-major and as long as the shape says.
  public void add(String name, long[] shape, float[] values) {
    add(name, shape, FloatBuffer.wrap(values));
  }

  /// Adds an F32 tensor from the buffer's remaining values, which are consumed.
  public void add(String name, long[] shape, FloatBuffer values) {
    spool.append(values, begin(name, DType.F32, shape, values.remaining()));
  }

  /// Adds an I32 tensor.
  public void add(String name, long[] shape, int[] values) {
    spool.append(values, begin(name, DType.I32, shape, values.length));
  }

  /// Adds an I64 tensor.
  public void add(String name, long[] shape, long[] values) {
    spool.append(values, begin(name, DType.I64, shape, values.length));
  }

  /// Starts an F32 tensor of shape (rows, width) whose rows come piece by piece; their number need
  /// not be known, and several tensors may grow side by side.
  public Growing grow(String name, int width) {
    return grow(name, width, DType.F32);
  }

  /// The same with elements of F32 or F16, to which values are rounded.
  public Growing grow(String name, int width, DType dtype) {
    requireOpen();
    requireName(name);
    if (dtype != DType.F32 && dtype != DType.F16) {
      throw new IllegalArgumentException("tensor \"" + name + "\" of " + dtype);
    }
    if (width < 1) {
      throw new IllegalArgumentException("tensor \"" + name + "\" of width " + width);
    }
    names.add(name);
    return new Growing(name, width, dtype);
  }

  /// A tensor on its way; it is part of the file from [#finish()] on, at that place in the order.
  public final class Growing {
    private final String name;
    private final int width;
    private final DType dtype;
    private final Spool.Extents extents = new Spool.Extents();
    private long rows;
    private boolean growing = true;

    private Growing(String name, int width, DType dtype) {
      this.name = name;
      this.width = width;
      this.dtype = dtype;
    }

    /// Appends whole rows, row-major.
    public void append(FloatBuffer values) {
      requireGrowing();
      if (values.remaining() % width != 0) {
        throw new IllegalArgumentException(
            values.remaining() + " values are no rows of " + width + " for \"" + name + "\"");
      }
      rows += values.remaining() / width;
      if (dtype == DType.F16) {
        spool.appendHalves(values, extents);
      } else {
        spool.append(values, extents);
      }
    }

    /// Adds the tensor with the rows that it has.
    public void finish() {
      requireGrowing();
      growing = false;
      tensors.add(new Stored(name, dtype, List.of(rows, (long) width), extents));
    }

    /// Forgets the tensor; its name is free again.
    public void abandon() {
      requireGrowing();
      growing = false;
      names.remove(name);
    }

    private void requireGrowing() {
      requireOpen();
      if (!growing) {
        throw new IllegalStateException("tensor \"" + name + "\" is finished or abandoned");
      }
    }
  }

  /// Adds a tensor of any whole-byte type from a stream of its little-endian elements, row-major;
  /// the stream must hold exactly as many as the shape says, and is not closed.
  public void add(String name, DType dtype, long[] shape, InputStream elements) throws IOException {
    long count = 1;
    for (long size : shape) {
      count = Math.multiplyExact(count, size);
    }
    Spool.Extents extents = begin(name, dtype, shape, count);
    long missing = spool.append(elements, count * dtype.bytes(), extents);
    if (missing > 0) {
      throw new EOFException("tensor \"" + name + "\" ends " + missing + " bytes early");
    }
    if (elements.read() >= 0) {
      throw new IOException("tensor \"" + name + "\" is longer than its shape says");
    }
  }

  /// Whether no tensor was added yet; those that still grow do not count.
  public boolean isEmpty() {
    return tensors.isEmpty();
  }

  /// Writes header and data, makes them durable and renames the file to its target.
  public void commit() {
    requireOpen();
    List<Stored> order = new ArrayList<>(tensors);
    order.sort(Comparator.comparingInt((Stored tensor) -> tensor.dtype().bits()).reversed());
    byte[] header = SafetensorsHeader.encode(infos(order), metadata, target);
    AtomicFiles.write(
        target,
        stream -> {
          stream.write(header);
          for (Stored tensor : order) {
            spool.copy(tensor.extents(), stream);
          }
        });
    close();
  }

  /// Releases everything; without a commit before, the target is untouched.
  @Override
  public void close() {
    spool.close();
  }

  /// Entries of the header; only the lengths of their data count.
  private static List<TensorInfo> infos(List<Stored> order) {
    return order.stream()
        .map(t ->
            new TensorInfo(
                t.name(),
                t.dtype(),
                t.shape().stream().mapToLong(Long::longValue).toArray(),
                0,
                t.extents().bytes()))
        .toList();
  }

  private Spool.Extents begin(String name, DType dtype, long[] shape, long count) {
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
    Spool.Extents extents = new Spool.Extents();
    tensors.add(new Stored(name, dtype, Arrays.stream(shape).boxed().toList(), extents));
    return extents;
  }

  private void requireName(String name) {
    if (!Safetensors.isTensorName(name)) {
      throw new IllegalArgumentException("not a tensor name: " + name);
    }
    if (names.contains(name)) {
      throw new IllegalArgumentException("tensor \"" + name + "\" was added before");
    }
  }

  private void requireOpen() {
    if (!spool.isOpen()) {
      throw new IllegalStateException("the writer of " + target + " is closed");
    }
  }
}
