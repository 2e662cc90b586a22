package org.duovox.eval;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.duovox.io.tensors.DType;
import org.duovox.io.tensors.NpyFile;

/// The frames of one spoken word in a submission: `NAME.txt` as of ZeroSpeech 2021, or the
/// `NAME.npy` that the later benchmarks package reads too.
public final class FeatureFile {
  /// The endings of feature files; where both files exist, the first is read.
  public static final List<String> ENDINGS = List.of(".txt", ".npy");

  private FeatureFile() {}

  /// Returns the file of a stem in a folder; the one that ends in `.txt` where there is none.
  static Path find(Path folder, String stem) {
    return ENDINGS.stream()
        .map(ending -> folder.resolve(stem + ending))
        .filter(Files::isRegularFile)
        .findFirst()
        .orElse(folder.resolve(stem + ENDINGS.getFirst()));
  }

  /// Reads a whole file.
  ///
  /// @return (frames, width), at least one frame and one column
  /// @throws org.duovox.DuovoxException of kind MISSING_INPUT, or BAD_DATA with file and line or
  ///   row
  public static double[][] read(Path file) {
    return isArray(file) ? rows(file, Problem::refuse) : FeatureText.read(file);
  }

  /// Reads a whole file and tells all its faults, those of the official evaluators included: a text
  /// of one row, which they take for a vector, and an array of other numbers than float64.
  ///
  /// @return (frames, width); values that cannot be read are NaN; perhaps no frame
  public static double[][] check(Path file, Consumer<Problem> faults) {
    if (isArray(file)) {
      requireDouble(file, faults);
      return rows(file, faults);
    }
    double[][] rows = FeatureText.read(file, faults);
    if (rows.length == 1) {
      faults.accept(
          new Problem(
              file.toString(),
              1,
              "is the only row, which the official evaluator takes for a vector; write it twice"));
    }
    return rows;
  }

  private static void requireDouble(Path file, Consumer<Problem> faults) {
    try (NpyFile array = NpyFile.open(file)) {
      if (array.dtype() != DType.F64) {
        String text = "holds %s; the official validation wants float64".formatted(array.dtype());
        faults.accept(new Problem(file.toString(), 0, text));
      }
    }
  }

  private static boolean isArray(Path file) {
    return file.toString().endsWith(".npy");
  }

  private static double[][] rows(Path file, Consumer<Problem> faults) {
    try (NpyFile array = NpyFile.open(file)) {
      long[] shape = array.shape();
      if (shape.length != 2 || shape[0] == 0 || shape[1] == 0) {
        String text = "has the shape " + Arrays.toString(shape) + "; it must be (frames, width)";
        faults.accept(new Problem(file.toString(), 0, text));
        return new double[0][];
      }
      double[] values = array.doubles();
      double[][] rows = new double[(int) shape[0]][(int) shape[1]];
      for (int i = 0; i < rows.length; i++) {
        System.arraycopy(values, i * rows[i].length, rows[i], 0, rows[i].length);
        requireFinite(file, rows[i], i, faults);
      }
      return rows;
    }
  }

  private static void requireFinite(Path file, double[] row, int index, Consumer<Problem> faults) {
    for (int i = 0; i < row.length; i++) {
      if (!Double.isFinite(row[i])) {
        String text = "row %d, column %d holds %s; every value must be finite";
        faults.accept(new Problem(file.toString(), 0, text.formatted(index + 1, i + 1, row[i])));
        row[i] = Double.NaN;
      }
    }
  }
}
