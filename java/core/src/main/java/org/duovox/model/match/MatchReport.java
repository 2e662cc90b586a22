package org.duovox.model.match;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;
import org.duovox.model.ModelConfig;

/// The `match.json` of a run: how a baseline was sized after the dual-channel model of the same
/// settings.
///
/// @param match the quantity that was made equal
/// @param reference the dual-channel model
/// @param unmatched the baseline with the sizes of its settings
/// @param result the baseline that was trained
/// @param differencePercent of the result from the reference, in the matched quantity
/// @param utterances of the corpus that operations were measured on
public record MatchReport(
    Match match,
    Figures reference,
    Figures unmatched,
    Figures result,
    double differencePercent,
    int utterances) {
  /// Name of the file.
  public static final String FILE = "match.json";

  /// A model and its cost.
  ///
  /// @param kind dual, single or joint
  /// @param parameters trainable ones of the real model
  /// @param flopsPerUtterance floating-point operations of a forward pass with heads, measured,
  ///   mean over the utterances
  public record Figures(
      ModelConfig.Kind kind,
      int layers,
      int hidden,
      int heads,
      int feedForward,
      long parameters,
      double flopsPerUtterance) {
    static Figures of(ModelConfig config, long parameters, double flops) {
      return new Figures(
          config.kind(),
          config.layers(),
          config.hidden(),
          config.heads(),
          config.feedForward(),
          parameters,
          flops);
    }

    double of(Match match) {
      return match == Match.PARAMETERS ? parameters : flopsPerUtterance;
    }

    private String text() {
      return String.format(
          Locale.ROOT,
          "%s %d x %d, feed-forward %d: %,d parameters, %.4g flops per utterance",
          kind.name().toLowerCase(Locale.ROOT),
          layers,
          hidden,
          feedForward,
          parameters,
          flopsPerUtterance);
    }
  }

  static MatchReport of(
      Match match, Figures reference, Figures unmatched, Figures result, int utterances) {
    double percent = 100 * (result.of(match) / reference.of(match) - 1);
    return new MatchReport(match, reference, unmatched, result, percent, utterances);
  }

  /// Writes the file into the folder of a run.
  public void write(Path run) {
    AtomicFiles.write(run.resolve(FILE), Json.pretty(this));
  }

  /// Reads the file from the folder of a run; empty when nothing was matched.
  public static Optional<MatchReport> read(Path run) {
    Path file = run.resolve(FILE);
    return Files.isRegularFile(file)
        ? Optional.of(Json.read(file, MatchReport.class))
        : Optional.empty();
  }

  /// Returns the report as one line of text.
  public String text() {
    return String.format(
        Locale.ROOT,
        "matched by %s: %s; reference %s; difference %+.3f %%",
        match.name().toLowerCase(Locale.ROOT),
        result.text(),
        reference.text(),
        differencePercent);
  }
}
