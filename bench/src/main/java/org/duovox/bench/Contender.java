package org.duovox.bench;

/// One side of the comparison: a model that trains on the one batch of its case.
///
/// A JVM holds one contender, ever: two copies of libtorch in a process crash.
public interface Contender extends AutoCloseable {
  /// Takes one step of the optimizer; returns the loss before it.
  double step();

  @Override
  void close();
}
