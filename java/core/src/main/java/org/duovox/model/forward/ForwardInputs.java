package org.duovox.model.forward;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.duovox.DuovoxException;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.io.tensors.TensorInfo;
import org.duovox.model.ModelConfig;

/// A batch as a file: the tensors that `duovox forward` reads, checked against a model.
///
/// @param rows B
/// @param tokens T
/// @param units P, phonetic units of a row; 0 for a model of a single stream
/// @param contextual (B, T) unit ids
/// @param phonetic (B, P) unit ids
/// @param start (B, T) index of a token's first phonetic unit in its row
/// @param end (B, T) index of its last one
/// @param labels (B, T) true units where a loss is taken, else -1; empty without any
/// @param lengths (B) tokens of each row
/// @param phoneticLengths (B) phonetic units of each row
/// @param unread names of tensors in the file that are not used
@SuppressWarnings("ArrayRecordComponent") // Read once, on their way to a slot.
public record ForwardInputs(
    int rows,
    int tokens,
    int units,
    int[] contextual,
    int[] phonetic,
    int[] start,
    int[] end,
    int[] labels,
    int[] lengths,
    int[] phoneticLengths,
    List<String> unread) {
  static final String CONTEXTUAL = "context_units";
  static final String PHONETIC = "phonetic_units";
  static final String START = "start";
  static final String END = "end";
  static final String LABELS = "labels";
  static final String LENGTHS = "lengths";
  static final String PHONETIC_LENGTHS = "phonetic_lengths";

  private static final int[] NONE = {};

  /// Whether there is a position with a loss.
  public boolean hasLoss() {
    return Arrays.stream(labels).anyMatch(label -> label >= 0);
  }

  /// Reads a file for a model of this shape.
  ///
  /// @throws DuovoxException (BAD_DATA) that names the tensor, the place and the rule
  public static ForwardInputs read(Path file, ModelConfig config) {
    try (SafetensorsFile tensors = Safetensors.open(file)) {
      ForwardInputs inputs = new Reader(tensors, config).read();
      new ForwardChecks(file, inputs, config).require();
      return inputs;
    }
  }

  /// Reads tensors whose shapes must fit each other.
  private static final class Reader {
    private final SafetensorsFile file;
    private final boolean both;
    private final Set<String> unread = new TreeSet<>();
    private long rows;

    Reader(SafetensorsFile file, ModelConfig config) {
      this.file = file;
      this.both = config.bothStreams();
      file.tensors().forEach(tensor -> unread.add(tensor.name()));
    }

    ForwardInputs read() {
      long[] shape = matrix(CONTEXTUAL);
      rows = shape[0];
      int tokens = (int) shape[1];
      int units = both ? (int) matrix(PHONETIC)[1] : 0;
      int[] contextual = ints(CONTEXTUAL, rows, tokens);
      int[] fullTokens = full(tokens);
      return new ForwardInputs(
          (int) rows,
          tokens,
          units,
          contextual,
          both ? ints(PHONETIC, rows, units) : NONE,
          both ? ints(START, rows, tokens) : NONE,
          both ? ints(END, rows, tokens) : NONE,
          file.find(LABELS).isPresent() ? ints(LABELS, rows, tokens) : NONE,
          file.find(LENGTHS).isPresent() ? ints(LENGTHS, rows) : fullTokens,
          phoneticLengths(units),
          List.copyOf(unread));
    }

    private int[] phoneticLengths(int units) {
      if (!both) {
        return NONE;
      }
      return file.find(PHONETIC_LENGTHS).isPresent() ? ints(PHONETIC_LENGTHS, rows) : full(units);
    }

    private int[] full(int length) {
      int[] lengths = new int[(int) rows];
      Arrays.fill(lengths, length);
      return lengths;
    }

    /// The shape of a tensor that must have rows and columns, and both.
    private long[] matrix(String name) {
      TensorInfo tensor = file.require(name);
      long[] shape = tensor.shape();
      if (shape.length != 2
          || tensor.elements() == 0
          || tensor.elements() > Integer.MAX_VALUE / 8) {
        throw wrong(name, shape, "(batch, length), neither of them 0");
      }
      return shape;
    }

    private int[] ints(String name, long... wanted) {
      long[] shape = file.require(name).shape();
      if (!Arrays.equals(shape, wanted)) {
        throw wrong(name, shape, Arrays.toString(wanted) + ", which fits " + CONTEXTUAL);
      }
      unread.remove(name);
      return file.ints(name);
    }

    private DuovoxException wrong(String name, long[] shape, String wanted) {
      return DuovoxException.badData(
          "%s: tensor \"%s\" has the shape %s; it must be %s"
              .formatted(file.path(), name, Arrays.toString(shape), wanted));
    }
  }
}
