package org.duovox.convert.checkpoint;

import org.duovox.convert.pickle.Malformed;
import org.duovox.convert.pickle.Tuple;
import org.duovox.io.tensors.DType;

/// How a pickle of PyTorch refers to a storage: a tuple of "storage", class, key, device, number of
/// elements, and in the older form a view (its own key, where it begins, its size).
///
/// @param view null where it is the whole storage
record StorageId(DType dtype, String key, long elements, Tuple view) {
  static StorageId of(Object id) {
    if (!(id instanceof Tuple fields)
        || !"storage".equals(fields.get(0))
        || !(fields.get(2) instanceof String key)) {
      throw new Malformed(
          "a reference that is no storage; a whole model was saved with its code: save its"
              + " state_dict() instead");
    }
    DType dtype =
        TorchClasses.storage(fields.get(1))
            .orElseThrow(() -> new Malformed("a storage of an unknown type"));
    long elements = Tensor.integer(fields.get(4));
    return new StorageId(dtype, key, elements, fields.get(5) instanceof Tuple part ? part : null);
  }

  /// An empty storage as this reference says.
  Storage make(boolean bigEndian) {
    return new Storage(dtype, elements, bigEndian, "storage '" + key + "'");
  }

  /// What it refers to within a storage that was referred to before, in the same way.
  StorageView in(Storage storage) {
    if (storage.dtype() != dtype || storage.elements() != elements) {
      throw new Malformed("storage '%s' is referred to in two ways".formatted(key));
    }
    StorageView whole = StorageView.of(storage);
    return view == null
        ? whole
        : whole.part(Tensor.integer(view.get(1)), Tensor.integer(view.get(2)));
  }
}
