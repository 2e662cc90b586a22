package org.duovox.convert.checkpoint;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.duovox.convert.pickle.ByteSource;
import org.duovox.convert.pickle.InertObject;
import org.duovox.convert.pickle.Malformed;
import org.duovox.convert.pickle.Tuple;
import org.duovox.io.tensors.DType;

/// Arrays, element types and scalars in pickles of NumPy, under its old and its new module names.
final class NumpyClasses {
  private NumpyClasses() {}

  static void register() {
    for (String core : List.of("numpy.core", "numpy._core")) {
      AllowedClasses.allow(core + ".multiarray", "_reconstruct", arguments -> new NumpyArray());
      AllowedClasses.allow(core + ".multiarray", "scalar", NumpyClasses::scalar);
      AllowedClasses.allow(core + ".numeric", "_frombuffer", NumpyClasses::fromBuffer);
    }
    AllowedClasses.inert("numpy", "ndarray");
    AllowedClasses.allow("numpy", "dtype", NumpyClasses::type);
    AllowedClasses.inert(
        "numpy", "float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8",
        "bool_");
    AllowedClasses.inert("numpy.random._pickle", "__randomstate_ctor", "__bit_generator_ctor");
    AllowedClasses.inert("numpy.random._mt19937", "MT19937");
    AllowedClasses.inert("numpy.random", "__RandomState_ctor");
  }

  private static Object type(Tuple arguments) {
    return switch (arguments.get(0)) {
      case String code -> new NumpyType(code);
      case NumpyType type -> type;
      case null, default -> throw new Malformed("a NumPy type of no name");
    };
  }

  private static Object fromBuffer(Tuple arguments) {
    if (!(arguments.get(0) instanceof ByteSource bytes)
        || !(arguments.get(1) instanceof NumpyType type)) {
      throw new Malformed("an array without bytes and type");
    }
    NumpyArray array = new NumpyArray();
    boolean columnMajor = "F".equals(arguments.get(3));
    array.fill(type, Tensor.longs(arguments.get(2)), columnMajor, bytes);
    return array;
  }

  /// A number of a NumPy type as a plain one; other scalars become inert.
  private static Object scalar(Tuple arguments) {
    if (!(arguments.get(0) instanceof NumpyType type) || type.dtype().isEmpty()) {
      return new InertObject("numpy.scalar", arguments);
    }
    ByteSource bytes =
        switch (arguments.get(1)) {
          case ByteSource source -> source;
          case String text -> PythonClasses.latin(text);
          case null, default -> throw new Malformed("a number without bytes");
        };
    if (bytes.size() != type.itemSize()) {
      throw new Malformed("a number of %d bytes".formatted(bytes.size()));
    }
    return number(type.dtype().get(), read(bytes, type));
  }

  private static ByteBuffer read(ByteSource bytes, NumpyType type) {
    byte[] value = new byte[(int) bytes.size()];
    try (DataInputStream stream = new DataInputStream(bytes.open(0))) {
      stream.readFully(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ByteOrder order = type.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    return ByteBuffer.wrap(value).order(order);
  }

  private static Object number(DType dtype, ByteBuffer value) {
    return switch (dtype) {
      case F64 -> value.getDouble();
      case F32 -> (double) value.getFloat();
      case F16 -> (double) Float.float16ToFloat(value.getShort());
      case I64, U64 -> value.getLong();
      case I32 -> (long) value.getInt();
      case U32 -> value.getInt() & 0xFFFFFFFFL;
      case I16 -> (long) value.getShort();
      case U16 -> value.getShort() & 0xFFFFL;
      case BOOL -> value.get() != 0;
      case U8 -> value.get() & 0xFFL;
      default -> (long) value.get();
    };
  }
}
