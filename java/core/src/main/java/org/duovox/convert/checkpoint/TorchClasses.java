package org.duovox.convert.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.duovox.convert.pickle.Malformed;
import org.duovox.convert.pickle.Tuple;
import org.duovox.convert.pickle.Unpickler;
import org.duovox.io.tensors.DType;

/// Storages, element types and the functions that make tensors in pickles of PyTorch.
final class TorchClasses {
  private static final Map<String, DType> STORAGES =
      Map.ofEntries(
          Map.entry("FloatStorage", DType.F32),
          Map.entry("DoubleStorage", DType.F64),
          Map.entry("HalfStorage", DType.F16),
          Map.entry("BFloat16Storage", DType.BF16),
          Map.entry("LongStorage", DType.I64),
          Map.entry("IntStorage", DType.I32),
          Map.entry("ShortStorage", DType.I16),
          Map.entry("CharStorage", DType.I8),
          Map.entry("ByteStorage", DType.U8),
          Map.entry("BoolStorage", DType.BOOL));
  private static final Map<String, DType> DTYPES =
      Map.ofEntries(
          Map.entry("float32", DType.F32),
          Map.entry("float64", DType.F64),
          Map.entry("float16", DType.F16),
          Map.entry("bfloat16", DType.BF16),
          Map.entry("int64", DType.I64),
          Map.entry("int32", DType.I32),
          Map.entry("int16", DType.I16),
          Map.entry("int8", DType.I8),
          Map.entry("uint8", DType.U8),
          Map.entry("uint16", DType.U16),
          Map.entry("uint32", DType.U32),
          Map.entry("uint64", DType.U64),
          Map.entry("bool", DType.BOOL));

  private TorchClasses() {}

  static void register() {
    STORAGES.keySet().forEach(name -> AllowedClasses.inert("torch", name));
    STORAGES.keySet().forEach(name -> AllowedClasses.inert("torch.cuda", name));
    AllowedClasses.inert("torch.storage", "UntypedStorage");
    AllowedClasses.inert("torch", "UntypedStorage", "Tensor", "device");
    AllowedClasses.inert("torch.nn.parameter", "Parameter", "Buffer");
    DTYPES.keySet().forEach(name -> AllowedClasses.inert("torch", name));
    AllowedClasses.allow("torch", "Size", TorchClasses::size);
    AllowedClasses.allow("torch._utils", "_rebuild_tensor", TorchClasses::tensor);
    AllowedClasses.allow("torch._utils", "_rebuild_tensor_v2", TorchClasses::tensor);
    AllowedClasses.allow("torch._utils", "_rebuild_tensor_v3", TorchClasses::typedTensor);
    AllowedClasses.allow("torch._utils", "_rebuild_parameter", TorchClasses::first);
    AllowedClasses.allow("torch._utils", "_rebuild_parameter_with_state", TorchClasses::first);
    AllowedClasses.allow("torch._tensor", "_rebuild_from_type_v2", TorchClasses::subclass);
  }

  /// The element type of a storage class, as it stands in a persistent identifier.
  static Optional<DType> storage(Object type) {
    if (!(type instanceof Unpickler.AllowedClass name)) {
      return Optional.empty();
    }
    String last = name.name().substring(name.name().lastIndexOf('.') + 1);
    return last.equals("UntypedStorage")
        ? Optional.of(DType.U8)
        : Optional.ofNullable(STORAGES.get(last));
  }

  private static Object size(Tuple arguments) {
    return arguments.get(0) instanceof Tuple sizes ? new ArrayList<>(sizes.values()) : List.of();
  }

  private static Object first(Tuple arguments) {
    if (arguments.get(0) instanceof Tensor tensor) {
      return tensor;
    }
    throw new Malformed("a parameter that is no tensor");
  }

  private static Object tensor(Tuple arguments) {
    if (!(arguments.get(0) instanceof Storage.View view)) {
      throw new Malformed("a tensor without a storage");
    }
    return Tensor.of(
        view,
        Tensor.integer(arguments.get(1)),
        Tensor.longs(arguments.get(2)),
        Tensor.longs(arguments.get(3)));
  }

  /// The same over a storage of bytes, with the element type at the end.
  private static Object typedTensor(Tuple arguments) {
    if (!(arguments.get(0) instanceof Storage.View view)
        || !(arguments.get(6) instanceof Unpickler.AllowedClass type)
        || !type.name().startsWith("torch.")
        || !DTYPES.containsKey(type.name().substring("torch.".length()))) {
      throw new Malformed("a tensor without a storage and a known element type");
    }
    Storage bytes = view.storage();
    DType dtype = DTYPES.get(type.name().substring("torch.".length()));
    if (bytes.byteSize() % dtype.bytes() != 0 || view.base() != 0) {
      throw new Malformed("%d bytes as elements of %s".formatted(bytes.byteSize(), dtype));
    }
    Storage typed =
        new Storage(dtype, bytes.byteSize() / dtype.bytes(), bytes.bigEndian(), bytes.name())
            .with(bytes.bytes());
    List<Object> values = new ArrayList<>(arguments.values());
    values.set(0, Storage.View.of(typed));
    return tensor(new Tuple(values));
  }

  /// A tensor with attributes of its own, which are left out: function, type, arguments, state.
  private static Object subclass(Tuple arguments) {
    boolean plain =
        arguments.get(0) instanceof Unpickler.AllowedClass function
            && function.name().startsWith("torch._utils._rebuild_")
            && arguments.get(2) instanceof Tuple;
    if (!plain) {
      throw new Malformed("a tensor that is made in an unknown way");
    }
    return ((Unpickler.AllowedClass) arguments.get(0)).constructor().make((Tuple) arguments.get(2));
  }

  /// How a pickle of PyTorch refers to a storage: a tuple of "storage", class, key, device, number
  /// of elements, and in the older form a view (its own key, where it begins, its size).
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
          storage(fields.get(1)).orElseThrow(() -> new Malformed("a storage of an unknown type"));
      long elements = Tensor.integer(fields.get(4));
      return new StorageId(dtype, key, elements, fields.get(5) instanceof Tuple part ? part : null);
    }

    /// An empty storage as this reference says.
    Storage make(boolean bigEndian) {
      return new Storage(dtype, elements, bigEndian, "storage '" + key + "'");
    }

    /// What it refers to within a storage that was referred to before, in the same way.
    Storage.View in(Storage storage) {
      if (storage.dtype() != dtype || storage.elements() != elements) {
        throw new Malformed("storage '%s' is referred to in two ways".formatted(key));
      }
      Storage.View whole = Storage.View.of(storage);
      return view == null
          ? whole
          : whole.part(Tensor.integer(view.get(1)), Tensor.integer(view.get(2)));
    }
  }
}
