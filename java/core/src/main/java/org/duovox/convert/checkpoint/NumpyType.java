package org.duovox.convert.checkpoint;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.duovox.convert.pickle.Malformed;
import org.duovox.convert.pickle.Tuple;
import org.duovox.convert.pickle.Unpickler;
import org.duovox.io.tensors.DType;

/// The element type of a NumPy array: kind, size in bytes, byte order.
final class NumpyType implements Unpickler.Stateful {
  private static final Pattern CODE = Pattern.compile("([<>=|]?)([bifucSUVOMm?])(\\d{0,9})");

  private final char kind;
  private long itemSize;
  private boolean bigEndian;

  /// @param code such as `f4`, `<i8` or `U10`
  NumpyType(String code) {
    Matcher matcher = CODE.matcher(code);
    if (!matcher.matches()) {
      throw new Malformed("the NumPy type '%s'".formatted(code));
    }
    kind = matcher.group(2).equals("?") ? 'b' : matcher.group(2).charAt(0);
    long number = matcher.group(3).isEmpty() ? 1 : Long.parseLong(matcher.group(3));
    itemSize = kind == 'U' ? 4 * number : number;
    bigEndian = matcher.group(1).equals(">");
  }

  /// Bytes of one element.
  long itemSize() {
    return itemSize;
  }

  boolean bigEndian() {
    return bigEndian;
  }

  /// Whether elements are Python objects, which are pickled one by one.
  boolean isObject() {
    return kind == 'O';
  }

  /// The same as a type of safetensors, where there is one.
  Optional<DType> dtype() {
    return Optional.ofNullable(
        switch ("" + kind + itemSize) {
          case "f2" -> DType.F16;
          case "f4" -> DType.F32;
          case "f8" -> DType.F64;
          case "i1" -> DType.I8;
          case "i2" -> DType.I16;
          case "i4" -> DType.I32;
          case "i8" -> DType.I64;
          case "u1" -> DType.U8;
          case "u2" -> DType.U16;
          case "u4" -> DType.U32;
          case "u8" -> DType.U64;
          case "b1" -> DType.BOOL;
          default -> null;
        });
  }

  /// A tuple: version, byte order, three fields of structures, element size, ...
  @Override
  public void setState(Object state) {
    if (!(state instanceof Tuple fields) || !(fields.get(1) instanceof String order)) {
      throw new Malformed("a NumPy type without a byte order");
    }
    bigEndian = order.equals(">");
    if (fields.get(5) instanceof Long size && size > 0 && dtype().isEmpty()) {
      itemSize = size;
    }
  }
}
