package org.duovox.bench;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/// The contenders by name.
enum Side {
  /// Duovox as shipped.
  DUOVOX,
  /// Duovox with libtorch's operations one by one: what is left is the framework's own cost.
  DUOVOX_NAIVE,
  /// DJL with its PyTorch engine.
  DJL;

  private static final String PLAIN = "DUOVOX_PLAIN_OPERATIONS";

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
    return this == DUOVOX_NAIVE ? Map.of(PLAIN, "1") : Map.of();
  }

  /// Refuses a process whose environment would make one contender of Duovox the other.
  void requireEnvironment(Map<String, String> present) {
    String wanted = environment().getOrDefault(PLAIN, "");
    if (!wanted.equals(present.getOrDefault(PLAIN, ""))) {
      throw new IllegalStateException(
          "%s needs %s='%s' in the environment".formatted(label(), PLAIN, wanted));
    }
  }

  /// Opens the contender, and with it a libtorch: once in the life of a process.
  ///
  /// @param weights the initial parameters, written by [Weights]
  Contender open(Case size, Path weights) {
    requireEnvironment(System.getenv());
    return switch (this) {
      case DUOVOX, DUOVOX_NAIVE -> new DuovoxContender(size, weights);
      case DJL -> new DjlContender(size, weights);
    };
  }
}
