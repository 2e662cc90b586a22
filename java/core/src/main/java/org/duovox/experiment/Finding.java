package org.duovox.experiment;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.eval.compare.Effect;
import org.duovox.eval.compare.Verdict;
import org.duovox.eval.compare.WordPairs;
import org.duovox.io.Present;

/// One comparison with its answer: an entry of `comparisons.json` and a row of `comparisons.csv`.
///
/// @param question in plain words
/// @param of the one arm
/// @param against the other arm
/// @param metric name of the score
/// @param dataset part of the names of the data sets that count; null: all, averaged
/// @param ofValue mean score over seeds; null where there is none
/// @param againstValue likewise
/// @param effect difference of the two; null where there is none
/// @param low lower end of its 95 % interval
/// @param high upper end of its 95 % interval
/// @param standardError of the effect
/// @param p two-sided, of this comparison alone
/// @param holm p after Holm's correction over the comparisons of the grid
/// @param detectable smallest true effect that this design would have seen in 80 % of such
///   experiments
/// @param seeds that both have
/// @param items utterances or words
/// @param sentence the answer in plain words
/// @param ofSeeds scores by seed
/// @param againstSeeds scores by seed
public record Finding(
    String question,
    Map<String, String> of,
    Map<String, String> against,
    String metric,
    String dataset,
    Double ofValue,
    Double againstValue,
    Double effect,
    Double low,
    Double high,
    Double standardError,
    Double p,
    Double holm,
    Double detectable,
    Verdict verdict,
    int seeds,
    int items,
    String sentence,
    Map<String, Double> ofSeeds,
    Map<String, Double> againstSeeds) {
  public Finding {
    Present.require("question", question, "of", of, "against", against, "metric", metric);
    Present.require("verdict", verdict, "sentence", sentence);
    if (ofSeeds == null || againstSeeds == null) {
      throw DuovoxException.badData("\"of_seeds\" and \"against_seeds\" must be there");
    }
  }

  private static final List<String> COLUMNS =
      List.of(
          "question",
          "of",
          "against",
          "metric",
          "dataset",
          "of_value",
          "against_value",
          "effect",
          "low",
          "high",
          "standard_error",
          "p",
          "holm",
          "detectable",
          "verdict",
          "seeds",
          "items",
          "sentence");

  /// What a comparison measured, before the others are known.
  ///
  /// @param one mean score of the one arm
  /// @param other mean score of the other
  record Measured(
      Pairing pairing,
      double one,
      double other,
      Effect effect,
      Map<String, Double> ofSeeds,
      Map<String, Double> againstSeeds) {

    /// Returns the finding.
    ///
    /// @param holm corrected p
    /// @param comparisons that were corrected together
    Finding finding(double holm, int comparisons) {
      Verdict verdict = Verdict.of(effect.value(), holm);
      Metric metric = pairing.comparison().metric();
      return new Finding(
          pairing.comparison().question(),
          pairing.of(),
          pairing.against(),
          metric.label(),
          pairing.comparison().dataset(),
          number(one),
          number(other),
          number(effect.value()),
          number(effect.low()),
          number(effect.high()),
          number(effect.standardError()),
          number(effect.p()),
          number(holm),
          number(effect.detectable()),
          verdict,
          effect.seeds(),
          effect.items(),
          sentence(verdict, holm, comparisons),
          ofSeeds,
          againstSeeds);
    }

    private String sentence(Verdict verdict, double holm, int comparisons) {
      String pair = pairing.text();
      Metric metric = pairing.comparison().metric();
      if (verdict == Verdict.NO_RESULT) {
        return "%s: cannot be told; no seed has both scores, they are of other items, or one is undefined."
            .formatted(pair);
      }
      String measured =
          text(
              "%s %s against %s, a difference of %s (95 %% interval %s to %s; p = %.3g%s; %s, %d %s)",
              metric.label(),
              score(one),
              score(other),
              signed(effect.value()),
              signed(effect.low()),
              signed(effect.high()),
              holm,
              comparisons > 1 ? " after Holm over " + comparisons + " comparisons" : "",
              effect.seeds() == 1
                  ? "1 seed, which says nothing of others"
                  : effect.seeds() + " seeds",
              effect.items(),
              metric.items());
      return switch (verdict) {
        case BETTER -> "%s: better; %s.".formatted(pair, measured);
        case WORSE -> "%s: worse; %s.".formatted(pair, measured);
        default ->
            "%s: inside the noise; %s. %s."
                .formatted(
                    pair,
                    measured,
                    Double.isNaN(effect.detectable())
                        ? "No resample of seeds and items changes that"
                        : "This design would have seen a difference of %s or more"
                            .formatted(score(effect.detectable())));
      };
    }

    private String score(double value) {
      return text(isPercent() ? "%.1f" : "%.3f", value);
    }

    private String signed(double value) {
      return text(isPercent() ? "%+.1f" : "%+.3f", value);
    }

    private boolean isPercent() {
      return pairing.comparison().metric() == Metric.SPEARMAN;
    }
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  static Double number(double value) {
    return Double.isFinite(value) ? value : null;
  }

  /// Returns the table of findings as CSV.
  static String csv(List<Finding> findings) {
    StringBuilder text = new StringBuilder(String.join(",", COLUMNS)).append('\n');
    findings.forEach(finding -> text.append(finding.line()).append('\n'));
    return text.toString();
  }

  @JsonIgnore
  private String line() {
    List<Object> cells = new ArrayList<>();
    cells.add(question);
    cells.add(Cell.name(of));
    cells.add(Cell.name(against));
    cells.add(metric);
    cells.add(dataset);
    cells.addAll(
        Arrays.asList(
            ofValue, againstValue, effect, low, high, standardError, p, holm, detectable));
    cells.addAll(List.of(verdict.label(), seeds, items, sentence));
    return String.join(
        ",",
        cells.stream().map(cell -> cell == null ? "" : WordPairs.quoted(cell.toString())).toList());
  }
}
