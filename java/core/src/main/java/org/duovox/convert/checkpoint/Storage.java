package org.duovox.convert.checkpoint;

import org.duovox.convert.pickle.ByteSource;
import org.duovox.convert.pickle.Malformed;
import org.duovox.io.tensors.DType;

/// The elements that tensors are views of, as PyTorch and NumPy keep them.
///
/// In the older PyTorch format the bytes follow after all tensors, so they are set later.
public final class Storage {
  private final DType dtype;
  private final long elements;
  private final boolean bigEndian;
  private final String name;
  private ByteSource bytes;

  /// @param name how errors call it
  Storage(DType dtype, long elements, boolean bigEndian, String name) {
    if (elements < 0 || elements > Long.MAX_VALUE / dtype.bytes()) {
      throw new Malformed("%s of %d elements".formatted(name, elements));
    }
    this.dtype = dtype;
    this.elements = elements;
    this.bigEndian = bigEndian;
    this.name = name;
  }

  DType dtype() {
    return dtype;
  }

  long elements() {
    return elements;
  }

  long byteSize() {
    return elements * dtype.bytes();
  }

  boolean bigEndian() {
    return bigEndian;
  }

  String name() {
    return name;
  }

  /// Gives it its bytes, which must be as many as it said.
  Storage with(ByteSource source) {
    if (source.size() != byteSize()) {
      throw new Malformed(
          "%s says %d elements of %s, %d bytes, but %d bytes are there"
              .formatted(name, elements, dtype, byteSize(), source.size()));
    }
    bytes = source;
    return this;
  }

  public ByteSource bytes() {
    if (bytes == null) {
      throw new Malformed(name + " is referred to and not in the file");
    }
    return bytes;
  }

  /// A part of a storage that stands for a storage: all of it, or what the older PyTorch format
  /// notes for storages that share memory.
  ///
  /// @param base its first element in the storage
  /// @param elements how many belong to it
  record View(Storage storage, long base, long elements) {
    static View of(Storage storage) {
      return new View(storage, 0, storage.elements());
    }

    View part(long offset, long size) {
      if (offset < 0 || size < 0 || offset > elements || size > elements - offset) {
        throw new Malformed(
            "%s: a view of %d elements from %d on in %d"
                .formatted(storage.name(), size, offset, elements));
      }
      return new View(storage, base + offset, size);
    }
  }
}
