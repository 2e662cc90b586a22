package org.duovox.cli.recipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.duovox.cli.Cli;
import org.duovox.cli.TonesRecipe;

/// A small grid over the recipe of tones, with words of dev and test, for tests of experiments.
final class TonesGrid {
  static final String GRID =
      """
      name: tones
      title: Two systems on tones
      question: Does the dual-channel model hear more?
      base: recipe.yaml
      set:
        data.split: {hold_out: null, field: instrument, train: low, test: high}
        evaluations.ssimi: null
        evaluations.words: {root: meaning, similar: 0.5}
        model.dropout: 0
      axes:
        system: [dual, contextual]
        seed: [1, 2]
      comparisons:
        - question: Is it the melody?
          metric: probe
          of: {system: dual}
          against: {system: contextual}
        - metric: auc
          of: {system: "*"}
          against: {system: dual}
      draws: 200
      """;

  private final Path folder;

  private TonesGrid(Path folder) {
    this.folder = folder;
  }

  /// Writes recipe, audio, words and grid into a folder.
  static TonesGrid write(Path folder) throws IOException {
    TonesRecipe.write(folder);
    for (String part : List.of("dev", "test")) {
      copy(folder.resolve("words"), folder.resolve("meaning").resolve(part));
    }
    TonesGrid grid = new TonesGrid(folder);
    grid.set(GRID);
    return grid;
  }

  /// Replaces the grid.
  void set(String text) throws IOException {
    Files.writeString(file(), text);
  }

  Path file() {
    return folder.resolve("grid.yaml");
  }

  /// Runs `duovox experiment` on the grid.
  Cli run(Path out, String... more) {
    List<Object> words = new ArrayList<>(List.of("experiment", file(), "--out", out));
    words.addAll(List.of(more));
    return Cli.run(words.toArray());
  }

  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : all.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }
}
