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
