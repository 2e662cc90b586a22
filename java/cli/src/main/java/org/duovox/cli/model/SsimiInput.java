package org.duovox.cli.model;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.eval.ssimi.SubmissionParameters;
import org.duovox.eval.ssimi.Subset;
import picocli.CommandLine.Option;

/// What 'ssimi' scores: the tables of one subset or a whole data set, and a submission.
final class SsimiInput {
  @Option(
      names = "--gold",
      paramLabel = "FILE",
      description = "gold.csv: which file says which word.")
  private Path gold;

  @Option(
      names = "--pairs",
      paramLabel = "FILE",
      description = "pairs.csv: word pairs with judgements.")
  private Path pairs;

  @Option(
      names = "--dataset",
      paramLabel = "DIR",
      description =
          "In place of --gold and --pairs: folder with semantic/dev and semantic/test, or dev and"
              + " test, each with both tables.")
  private Path dataset;

  @Option(
      names = "--subset",
      paramLabel = "NAME",
      description = "dev or test. Default: with --dataset, all that both folders have.")
  private Subset subset;

  @Option(names = "--submission", paramLabel = "DIR", description = "Folder with the embeddings.")
  private Path submission;

  /// The tables of a subset and the folder of its embeddings.
  ///
  /// @param name of the subset; empty when the command line does not say
  record Task(String name, Path gold, Path pairs, Path submission) {}

  /// Refuses a command line that names too little or too much.
  void requireComplete() {
    SsimiCommand.require(
        submission != null, "--submission is missing: name the folder with the embeddings");
    SsimiCommand.require(
        isTree() || (gold != null && pairs != null),
        "name both tables with --gold and --pairs, or the folder of the data set with --dataset");
    SsimiCommand.require(
        !isTree() || (gold == null && pairs == null),
        "--dataset is in place of --gold and --pairs");
  }

  /// Returns whether a whole data set is named.
  boolean isTree() {
    return dataset != null;
  }

  /// Returns whether the names of the subsets are known.
  boolean isNamed() {
    return isTree() || subset != null;
  }

  /// Returns what the submission itself says about its evaluation.
  Optional<SubmissionParameters> declared() {
    return isTree() ? SubmissionParameters.of(submission) : Optional.empty();
  }

  /// Returns what is to be scored.
  ///
  /// @param check with subsets that the submission lacks
  List<Task> tasks(boolean check) {
    if (dataset == null) {
      return List.of(new Task(subset == null ? "" : subset.label(), gold, pairs, submission));
    }
    List<Subset> subsets =
        subset != null
            ? List.of(subset)
            : Arrays.stream(Subset.values())
                .filter(each -> each.isIn(dataset) && (check || each.isIn(submission)))
                .toList();
    if (subsets.isEmpty()) {
      Subset.DEV.of(dataset);
      Subset.DEV.of(submission);
      throw DuovoxException.missing(
          "%s and %s have no subset in common".formatted(dataset, submission));
    }
    return subsets.stream()
        .map(each ->
            new Task(each.label(), each.gold(dataset), each.pairs(dataset), folder(each, check)))
        .toList();
  }

  private Path folder(Subset each, boolean check) {
    return check && !each.isIn(submission)
        ? submission.resolve("semantic").resolve(each.label())
        : each.of(submission);
  }
}
