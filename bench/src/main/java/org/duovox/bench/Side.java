package org.duovox.bench;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/// The contenders by name.
enum Side {
  /// Duovox as shipped.
  DUOVOX,
  /// DJL with its PyTorch engine.
  DJL;

  static Side of(String label) {
    for (Side side : values()) {
      if (side.label().equals(label)) {
        return side;
      }
    }
    throw new IllegalArgumentException(label + " is no contender");
  }

  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// What is added to the environment of its process.
  Map<String, String> environment() {
    return Map.of();
  }

  /// Loads a libtorch: once in the life of a process.
  ///
  /// @param weights the initial parameters, written by [Start]
  Contender open(Case size, Path weights) {
    return switch (this) {
      case DUOVOX -> new DuovoxContender(size, weights);
      case DJL -> new DjlContender(size, weights);
    };
  }
}
