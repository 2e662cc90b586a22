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
import org.duovox.model.UnitIds;

/// A batch from a file: the tensors that `duovox forward` reads, checked against a model.
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
  private static final String CONTEXTUAL = "context_units";
  private static final String PHONETIC = "phonetic_units";
  private static final String START = "start";
  private static final String END = "end";
  private static final String LABELS = "labels";
  private static final String LENGTHS = "lengths";
  private static final String PHONETIC_LENGTHS = "phonetic_lengths";

  private static final int[] NONE = {};

  /// Whether any position has a loss.
  public boolean hasLoss() {
    return Arrays.stream(labels).anyMatch(label -> label >= 0);
  }

  /// Reads and checks a file for a model of this shape.
  ///
  /// @throws DuovoxException (BAD_DATA) that names the tensor, the place and the rule
  public static ForwardInputs read(Path file, ModelConfig config) {
    try (SafetensorsFile tensors = Safetensors.open(file)) {
      ForwardInputs inputs = new Reader(tensors, config).read();
      new Checks(file, inputs, config).requireAll();
      return inputs;
    }
  }

  /// Reads the tensors, whose shapes must fit each other.
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

    /// Returns the shape of a tensor that must have rows and columns, at least one of each.
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

  /// Checks a batch from a file; each message names tensor, row and position.
  private record Checks(Path file, ForwardInputs inputs, ModelConfig config) {
    void requireAll() {
      for (int row = 0; row < inputs.rows(); row++) {
        int length = inputs.lengths()[row];
        range(LENGTHS, row, length, 1, inputs.tokens());
        int units = 0;
        if (config.bothStreams()) {
          units = inputs.phoneticLengths()[row];
          range(PHONETIC_LENGTHS, row, units, 1, inputs.units());
          phonetic(row, length, units);
        }
        positions(row, length, config.kind() == ModelConfig.Kind.JOINT ? units : 0);
        contextual(row, length);
      }
    }

    private void contextual(int row, int length) {
      int at = row * inputs.tokens();
      for (int t = 0; t < length; t++) {
        range(CONTEXTUAL, row, t, inputs.contextual()[at + t], 0, UnitIds.of(config).pad());
        if (inputs.labels().length > 0) {
          range(LABELS, row, t, inputs.labels()[at + t], -1, config.contextualCodes() - 1);
        }
      }
    }

    private void phonetic(int row, int length, int units) {
      for (int i = 0; i < units; i++) {
        int unit = inputs.phonetic()[row * inputs.units() + i];
        range(PHONETIC, row, i, unit, 0, UnitIds.of(config).phoneticMask());
      }
      for (int t = 0; t < length; t++) {
        int start = inputs.start()[row * inputs.tokens() + t];
        int end = inputs.end()[row * inputs.tokens() + t];
        range(START, row, t, start, 0, units - 1);
        range(END, row, t, end, 0, units - 1);
        if (start > end) {
          throw DuovoxException.badData(
              ("%s: row %d, position %d: start is %d and end %d; a token has its first unit not after"
                      + " its last")
                  .formatted(file, row, t, start, end));
        }
      }
    }

    private void positions(int row, int tokens, int units) {
      if (tokens + units > config.maxPositions()) {
        throw DuovoxException.badData(
            "%s: row %d has %d positions, the model %d; cut it into shorter rows"
                .formatted(file, row, tokens + units, config.maxPositions()));
      }
    }

    private void range(String name, int row, int value, int low, int high) {
      if (value < low || value > high) {
        throw DuovoxException.badData(
            "%s: %s of row %d is %d, must be %d to %d"
                .formatted(file, name, row, value, low, high));
      }
    }

    private void range(String name, int row, int position, int value, int low, int high) {
      if (value < low || value > high) {
        throw DuovoxException.badData(
            "%s: %s, row %d, position %d: %d, must be %d to %d"
                .formatted(file, name, row, position, value, low, high));
      }
    }
  }
}
