package org.duovox.bench;

import java.util.List;

/// What is measured: the size of a model and of its one batch, and dropout.
///
/// @param dual two channels, else a single stream
public record Case(boolean dual, int layers, int hidden, int rows, int tokens, double dropout) {
  static final int CODES = 1024;
  static final int PHONES = 100;
  static final int CODEBOOK_WIDTH = 64;
  static final int PHONES_PER_TOKEN = 3;
  static final double EPSILON = 1e-12;
  static final float RATE = 1e-4f;
  static final float DECAY = 0.1f;

  /// @throws IllegalArgumentException when Duovox or DJL could not make the model or the batch
  public Case {
    if (layers < 1 || hidden < 1 || rows < 1 || hidden % 8 != 0) {
      throw new IllegalArgumentException(
          layers + "x" + hidden + ", " + rows + " rows: at least 1, the width a multiple of 8");
    }
    if (tokens < 5) {
      throw new IllegalArgumentException(tokens + " tokens: the first target needs at least 5");
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException(dropout + ": dropout is at least 0 and below 1");
    }
  }

  /// Reads `dual|single LAYERSxHIDDEN ROWSxTOKENS`, one word each.
  static Case of(String kind, String model, String batch, double dropout) {
    if (!kind.equals("dual") && !kind.equals("single")) {
      throw new IllegalArgumentException(kind + ": a model is dual or single");
    }
    int[] size = pair(model);
    int[] rows = pair(batch);
    return new Case(kind.equals("dual"), size[0], size[1], rows[0], rows[1], dropout);
  }

  private static int[] pair(String text) {
    String[] parts = text.split("x", -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException(text + ": two numbers joined by x are needed");
    }
    return new int[] {Integer.parseInt(parts[0]), Integer.parseInt(parts[1])};
  }

  /// The words that [#of] reads.
  List<String> words() {
    return List.of(dual ? "dual" : "single", layers + "x" + hidden, rows + "x" + tokens);
  }

  /// Measured steps of a fork; half as many come before them. A small model's step is mostly the
  /// framework's code, which the JVM compiles within some hundred steps.
  int steps(boolean quick) {
    return (hidden >= 512 ? 10 : 400) / (quick ? 5 : 1);
  }

  int heads() {
    return hidden >= 512 ? 8 : 4;
  }

  int feedForward() {
    return hidden >= 512 ? 4 * hidden : 2 * hidden;
  }

  int phoneticEmbedding() {
    return hidden >= 512 ? 256 : hidden;
  }

  int positions() {
    return Math.max(512, tokens);
  }

  /// Phonetic units of a row: one each for CLS and SEP.
  int units() {
    return dual ? (tokens - 2) * PHONES_PER_TOKEN + 2 : 0;
  }
}
