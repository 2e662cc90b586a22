package org.duovox.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The initial parameters of a case in a temporary file that all contenders read.
record WeightsFile(Path file) implements AutoCloseable {
  /// @param gain factor of the matrices that a training begins with
  static WeightsFile write(Case size, double gain) {
    try {
      // A folder: a writer of safetensors replaces no file.
      Path file = Files.createTempDirectory("duovox-bench").resolve("weights.safetensors");
      ChildJvm.writeWeights(size, gain, file);
      return new WeightsFile(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(file);
      Files.delete(file.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
