package org.duovox.cli.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.cli.console.OutputGuard.Form;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.cli.console.Verb;
import org.duovox.eval.Estimate;
import org.duovox.eval.pairs.GroupScore;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.atomic.PendingDirectory;
import org.duovox.report.Wording;
import picocli.CommandLine.Option;

/// Base class of the verbs that evaluate likelihoods of minimal pairs.
abstract class PairsVerb extends Verb {
  @Option(
      names = "--gold",
      required = true,
      paramLabel = "FILE",
      description = "gold.csv of the task: which file says what, and which are right.")
  private Path gold;

  @Option(
      names = "--submission",
      required = true,
      paramLabel = "FILE",
      description = "A line STEM SCORE for each file, as 'duovox score' writes it.")
  private Path submission;

  @Option(
      names = "--scores",
      paramLabel = "DIR",
      description = "Write the official tables into this folder.")
  private Path scores;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      defaultValue = "dev",
      description = "dev or test, for the names of the tables. Default: ${DEFAULT-VALUE}.")
  private String split;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of the bootstrap interval. Default: ${DEFAULT-VALUE}.")
  private long seed;

  final Path gold() {
    return gold;
  }

  final Path submission() {
    return submission;
  }

  final long seed() {
    return seed;
  }

  final String split() {
    return split;
  }

  @Override
  protected final void checkOptions() {
    if (!List.of("dev", "test").contains(split)) {
      throw DuovoxException.usage("--split must be dev or test, not '" + split + "'");
    }
  }

  @Override
  public final List<Output> outputs() {
    return Output.refusing(Form.FOLDER, scores);
  }

  /// Writes tables by the name of their file, if a folder was named.
  final void write(Map<String, String> tables) {
    if (scores != null) {
      try (PendingDirectory pending = AtomicFiles.createDirectory(scores)) {
        tables.forEach((name, text) -> AtomicFiles.write(pending.path().resolve(name), text));
        pending.commit();
      }
    }
  }

  /// Returns a row of a table for people.
  static List<String> row(String name, GroupScore group) {
    return List.of(name, share(group.score()), "", Integer.toString(group.n()));
  }

  static List<String> row(String name, Estimate estimate) {
    return List.of(
        name,
        share(estimate.value()),
        Double.isNaN(estimate.low())
            ? "-"
            : share(estimate.low()) + " to " + share(estimate.high()),
        Integer.toString(estimate.n()));
  }

  private static String share(double value) {
    return Double.isNaN(value) ? "-" : Wording.format("%.4f", value);
  }
}
