package org.duovox.model.forward;

import java.nio.file.Path;
import org.duovox.DuovoxException;
import org.duovox.model.ModelConfig;

/// The rules that a batch from a file must keep, each with a message that names tensor, row and
/// position.
final class ForwardChecks {
  private final Path file;
  private final ForwardInputs inputs;
  private final ModelConfig config;

  ForwardChecks(Path file, ForwardInputs inputs, ModelConfig config) {
    this.file = file;
    this.inputs = inputs;
    this.config = config;
  }

  void require() {
    for (int row = 0; row < inputs.rows(); row++) {
      int length = inputs.lengths()[row];
      range(ForwardInputs.LENGTHS, row, length, 1, inputs.tokens());
      int units = 0;
      if (config.bothStreams()) {
        units = inputs.phoneticLengths()[row];
        range(ForwardInputs.PHONETIC_LENGTHS, row, units, 1, inputs.units());
        phonetic(row, length, units);
      }
      positions(row, length, config.kind() == ModelConfig.Kind.JOINT ? units : 0);
      contextual(row, length);
    }
  }

  private void contextual(int row, int length) {
    int at = row * inputs.tokens();
    for (int t = 0; t < length; t++) {
      range(
          ForwardInputs.CONTEXTUAL,
          row,
          t,
          inputs.contextual()[at + t],
          0,
          config.contextualCodes() + 3);
      if (inputs.labels().length > 0) {
        range(
            ForwardInputs.LABELS,
            row,
            t,
            inputs.labels()[at + t],
            -1,
            config.contextualCodes() - 1);
      }
    }
  }

  private void phonetic(int row, int length, int units) {
    for (int i = 0; i < units; i++) {
      int unit = inputs.phonetic()[row * inputs.units() + i];
      range(ForwardInputs.PHONETIC, row, i, unit, 0, config.phoneticCodes() + 1);
    }
    for (int t = 0; t < length; t++) {
      int start = inputs.start()[row * inputs.tokens() + t];
      int end = inputs.end()[row * inputs.tokens() + t];
      range(ForwardInputs.START, row, t, start, 0, units - 1);
      range(ForwardInputs.END, row, t, end, 0, units - 1);
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
          "%s: %s of row %d is %d, must be %d to %d".formatted(file, name, row, value, low, high));
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
