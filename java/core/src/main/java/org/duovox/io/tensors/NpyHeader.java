package org.duovox.io.tensors;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.duovox.DuovoxException;

/// The header text of a NumPy `.npy` file: a Python dictionary of exactly `descr`, `fortran_order`
/// and `shape`, read strictly and never evaluated.
///
/// @param dtype F16, F32 or F64
/// @param shape sizes, row-major
record NpyHeader(DType dtype, long[] shape) {
  private static final int MAX_RANK = 16;
  private static final Map<String, DType> TYPES =
      Map.of("<f2", DType.F16, "<f4", DType.F32, "<f8", DType.F64);
  private static final Pattern ENTRY =
      Pattern.compile(
          "\\G\\s*+'(descr|fortran_order|shape)'\\s*+:\\s*+('[^'\\\\]*+'|True|False|\\([0-9L,\\s]*+\\))"
              + "\\s*+(?:,|(?=\\}))");
  // (), (3,), (3, 4) and (3, 4,); Python 2 wrote 3L.
  private static final Pattern TUPLE =
      Pattern.compile("\\(\\)|\\((?:[0-9]+L?,\\s*)+(?:[0-9]+L?\\s*)?\\)");
  private static final Pattern END = Pattern.compile("\\G\\s*+\\}\\s*+\\z");

  /// Reads the text between the length and the data; `where` begins the message of an error.
  static NpyHeader parse(String text, String where) {
    Map<String, String> entries = new HashMap<>();
    int at = text.startsWith("{") ? 1 : 0;
    Matcher entry = ENTRY.matcher(text);
    boolean valid = at == 1;
    while (valid && entry.find(at)) {
      valid = entries.put(entry.group(1), entry.group(2)) == null;
      at = entry.end();
    }
    valid &= entries.size() == 3 && END.matcher(text).find(at);
    if (!valid) {
      throw bad(
          where,
          "its header is not a dictionary of 'descr', 'fortran_order' and 'shape': "
              + text.strip().lines().findFirst().orElse("").transform(NpyHeader::brief));
    }
    long[] shape = shape(entries.get("shape"), where);
    requireRowMajor(entries.get("fortran_order"), shape, where);
    return new NpyHeader(dtype(entries.get("descr"), where), shape);
  }

  /// The text for rows of this shape, padded so that the data begin at a multiple of 64.
  ///
  /// @param dtype F32 or F64
  static String text(DType dtype, long[] shape) {
    StringBuilder sizes = new StringBuilder();
    for (int i = 0; i < shape.length; i++) {
      sizes.append(i == 0 ? "" : ", ").append(shape[i]);
    }
    String tuple = shape.length == 1 ? sizes + "," : sizes.toString();
    String descr = "<f" + dtype.bytes();
    String text = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (" + tuple + "), }";
    int length = (NpyFile.PREFIX + text.length() + 1 + 63) / 64 * 64 - NpyFile.PREFIX;
    return text + " ".repeat(length - text.length() - 1) + "\n";
  }

  /// The product of all sizes.
  long elements() {
    long product = 1;
    for (long size : shape) {
      product *= size;
    }
    return product;
  }

  private static DType dtype(String descr, String where) {
    DType dtype = descr.startsWith("'") ? TYPES.get(descr.substring(1, descr.length() - 1)) : null;
    if (dtype == null) {
      throw bad(
          where,
          "its elements are "
              + brief(descr)
              + "; little-endian float16, float32 and float64 are read ('<f2', '<f4', '<f8')."
              + " Convert it with array.astype('float32')");
    }
    return dtype;
  }

  private static long[] shape(String text, String where) {
    if (!TUPLE.matcher(text).matches()) {
      throw bad(where, "its shape is " + brief(text) + ", not a tuple of sizes");
    }
    String[] sizes = text.replaceAll("[()L\\s]", "").split(",");
    long[] shape = new long[sizes.length == 1 && sizes[0].isEmpty() ? 0 : sizes.length];
    if (shape.length > MAX_RANK) {
      throw bad(where, "its shape has " + shape.length + " sizes; at most 16 are read");
    }
    try {
      long product = 1;
      for (int i = 0; i < shape.length; i++) {
        shape[i] = Long.parseLong(sizes[i]);
        product = Math.multiplyExact(product, Math.max(1, shape[i]));
      }
      Math.multiplyExact(product, Double.BYTES);
    } catch (NumberFormatException | ArithmeticException e) {
      throw DuovoxException.badData(
          where + ": not a valid .npy file: its shape " + brief(text) + " is too large", e);
    }
    return shape;
  }

  private static void requireRowMajor(String flag, long[] shape, String where) {
    boolean fortran = flag.equals("True");
    if (!fortran && !flag.equals("False")) {
      throw bad(where, "fortran_order is " + brief(flag) + ", neither True nor False");
    }
    if (fortran && Arrays.stream(shape).filter(size -> size > 1).count() > 1) {
      throw bad(
          where,
          "it is stored column by column (fortran_order); save numpy.ascontiguousarray(array)");
    }
  }

  private static String brief(String text) {
    String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return shown.replaceAll("\\p{Cntrl}", "?");
  }

  private static DuovoxException bad(String where, String what) {
    return DuovoxException.badData(where + ": not a valid .npy file: " + what);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NpyHeader that
        && dtype == that.dtype
        && Arrays.equals(shape, that.shape);
  }

  @Override
  public int hashCode() {
    return 31 * dtype.hashCode() + Arrays.hashCode(shape);
  }

  @Override
  public String toString() {
    return dtype + Arrays.toString(shape);
  }
}
