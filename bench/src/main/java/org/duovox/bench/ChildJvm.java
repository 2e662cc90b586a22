package org.duovox.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs a contender in a JVM of its own, with the options and the class path of this one.
final class ChildJvm {
  private ChildJvm() {}

  /// Returns the losses of the first `steps` steps without dropout.
  ///
  /// @throws IllegalStateException when the process fails; its own words are on standard error
  static List<Double> losses(String contender, Case size, int steps, Path weights) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Losses.class.getName()));
    command.addAll(
        List.of(
            contender,
            size.dual() ? "dual" : "single",
            size.layers() + "x" + size.hidden(),
            size.rows() + "x" + size.tokens(),
            Integer.toString(steps),
            weights.toString()));
    return run(contender, command).lines().map(Double::valueOf).toList();
  }

  private static String run(String contender, List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        throw new IllegalStateException(contender + " ended with exit code " + code);
      }
      return out;
    } catch (IOException e) {
      throw new IllegalStateException(contender + " cannot be started: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(contender + " was interrupted", e);
    }
  }
}
