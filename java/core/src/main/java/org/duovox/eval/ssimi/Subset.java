package org.duovox.eval.ssimi;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.duovox.DuovoxException;

/// The halves of the ZeroSpeech 2021 semantic task: choices are made on dev, test is scored once.
public enum Subset {
  /// For choices.
  DEV,
  /// For the result.
  TEST;

  /// Returns the name in folders and results.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Returns whether a data set or submission has this subset.
  public boolean isIn(Path root) {
    return places(root).stream().anyMatch(Files::isDirectory);
  }

  /// Returns the folder `semantic/SUBSET` or `SUBSET` of a data set or submission.
  ///
  /// @throws DuovoxException of kind MISSING_INPUT when there is neither
  public Path of(Path root) {
    return places(root).stream()
        .filter(Files::isDirectory)
        .findFirst()
        .orElseThrow(() ->
            DuovoxException.missing(
                "%s has no folder semantic/%s and no folder %s".formatted(root, label(), label())));
  }

  /// Returns the table of the tokens of a data set.
  public Path gold(Path root) {
    return of(root).resolve("gold.csv");
  }

  /// Returns the table of the pairs of a data set.
  public Path pairs(Path root) {
    return of(root).resolve("pairs.csv");
  }

  private List<Path> places(Path root) {
    return List.of(root.resolve("semantic").resolve(label()), root.resolve(label()));
  }
}
