package org.duovox.convert.checkpoint;

import org.duovox.convert.pickle.Malformed;

/// A part of a storage that stands for a storage: all of it, or what the older PyTorch format notes
/// for storages that share memory.
///
/// @param base its first element in the storage
/// @param elements how many belong to it
record StorageView(Storage storage, long base, long elements) {
  static StorageView of(Storage storage) {
    return new StorageView(storage, 0, storage.elements());
  }

  StorageView part(long offset, long size) {
    if (offset < 0 || size < 0 || offset > elements || size > elements - offset) {
      throw new Malformed(
          "%s: a view of %d elements from %d on in %d"
              .formatted(storage.name(), size, offset, elements));
    }
    return new StorageView(storage, base + offset, size);
  }
}
