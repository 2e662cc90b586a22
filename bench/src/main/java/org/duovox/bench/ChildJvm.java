package org.duovox.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs a class in a JVM of its own, with the options and the class path of this one.
final class ChildJvm {
  private ChildJvm() {}

  /// Writes the initial parameters of `size`.
  static void writeWeights(Case size, double gain, Path weights) {
    List<String> args = new ArrayList<>(size.words());
    args.addAll(List.of(Double.toString(gain), weights.toString()));
    run(Weights.class, Side.DUOVOX, args);
  }

  /// Returns the floating-point operations of the matrix products of a step of `size`: the backward
  /// pass has twice those of the forward pass.
  static double stepFlops(Case size) {
    return 3
        * Double.parseDouble(run(Facts.class, Side.DUOVOX, size.words()).lines().toList().get(1));
  }

  /// Returns the version of the libtorch that Duovox runs on.
  static String libtorch() {
    List<String> smallest = List.of("single", "1x8", "1x8");
    return run(Facts.class, Side.DUOVOX, smallest).lines().toList().getFirst();
  }

  /// Returns the losses of the first `steps` steps without dropout.
  ///
  /// @throws IllegalStateException when the process fails; its own words are on standard error
  static List<Double> losses(Side side, Case size, int steps, Path weights) {
    List<String> args = new ArrayList<>(List.of(side.label()));
    args.addAll(size.words());
    args.addAll(List.of(Integer.toString(steps), weights.toString()));
    return run(Losses.class, side, args).lines().map(Double::valueOf).toList();
  }

  private static String run(Class<?> main, Side side, List<String> args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(args);
    return output(side, command);
  }

  private static String output(Side side, List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(side.environment());
    try {
      Process process = builder.start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        throw new IllegalStateException(side.label() + " ended with exit code " + code);
      }
      return out;
    } catch (IOException e) {
      throw new IllegalStateException(side.label() + " cannot be started: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(side.label() + " was interrupted", e);
    }
  }
}
