package org.duovox.bench;

import java.nio.file.Path;
import java.util.Locale;

/// One side of the comparison: a model that trains on the one batch of its case.
///
/// A JVM holds one contender, ever: two copies of libtorch in a process crash.
public interface Contender extends AutoCloseable {
  /// Takes one step of the optimizer; returns the loss before it.
  double step();

  @Override
  void close();

  /// Opens the contender of this name.
  ///
  /// @param weights the initial parameters in safetensors, as `duovox` wrote them
  static Contender open(String name, Case size, Path weights) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "duovox" -> new DuovoxContender(size);
      case "djl" -> new DjlContender(size, weights);
      default -> throw new IllegalArgumentException(name + ": contenders are duovox and djl");
    };
  }
}
