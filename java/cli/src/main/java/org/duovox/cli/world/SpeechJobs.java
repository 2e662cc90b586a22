package org.duovox.cli.world;

import org.duovox.DuovoxException;
import picocli.CommandLine.Option;

/// The option `--jobs` of the verbs that have speech spoken.
final class SpeechJobs {
  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Programs that speak side by side; 0: one per core. The output does not depend on it."
              + " Default: ${DEFAULT-VALUE}.")
  private int jobs;

  /// Refuses a number below 0.
  void check() {
    if (jobs < 0) {
      throw DuovoxException.usage("--jobs must be 0 or more, but is " + jobs);
    }
  }

  /// Returns how many programs speak side by side.
  int workers() {
    return jobs == 0 ? Runtime.getRuntime().availableProcessors() : jobs;
  }
}
