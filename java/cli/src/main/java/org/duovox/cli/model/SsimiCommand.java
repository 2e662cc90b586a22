package org.duovox.cli.model;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.cli.console.Progress;
import org.duovox.cli.console.Verb;
import org.duovox.eval.Distance;
import org.duovox.eval.Estimate;
import org.duovox.eval.PooledTokens;
import org.duovox.eval.Pooling;
import org.duovox.eval.Ssimi;
import org.duovox.eval.SsimiData;
import org.duovox.eval.SsimiResult;
import org.duovox.io.json.Json;
import org.duovox.report.Wording;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `duovox ssimi`: scores embeddings by the semantic similarity of spoken word pairs (sSIMI), as
/// the ZeroSpeech 2021 evaluator computes it.
@Command(
    name = "ssimi",
    description = {
      "Scores embeddings of spoken words against human similarity judgements (sSIMI of ZeroSpeech"
          + " 2021).",
      "",
      "The submission holds synthetic/NAME.txt and librispeech/NAME.txt, one frame per line, as"
          + " 'duovox embed",
      "--format zerospeech' writes them. Scores are 100 x Spearman's correlation."
    },
    footer = {
      "  duovox ssimi --gold gold.csv --pairs pairs.csv --submission out/",
      "  duovox ssimi --gold gold.csv --pairs pairs.csv --submission out/ --metric all --pooling"
          + " all",
      "  duovox ssimi --gold gold.csv --pairs pairs.csv --submission out/ --json scores.json"
    })
public final class SsimiCommand extends Verb {
  private static final String ALL = "all";

  @Option(
      names = "--gold",
      required = true,
      paramLabel = "FILE",
      description = "gold.csv: which file says which word.")
  private Path gold;

  @Option(
      names = "--pairs",
      required = true,
      paramLabel = "FILE",
      description = "pairs.csv: word pairs with judgements.")
  private Path pairs;

  @Option(
      names = "--submission",
      required = true,
      paramLabel = "DIR",
      description = "Folder with the embeddings.")
  private Path submission;

  @Option(
      names = "--metric",
      paramLabel = "NAME",
      defaultValue = "cosine",
      description =
          "Distance: cosine, euclidean, cityblock, sqeuclidean, chebyshev, correlation, braycurtis,"
              + " canberra, or all. Default: ${DEFAULT-VALUE}.")
  private String metric;

  @Option(
      names = "--pooling",
      paramLabel = "NAME",
      defaultValue = "mean",
      description =
          "How frames become one vector: max, mean, min, sum, last, lastlast, or all. Default:"
              + " ${DEFAULT-VALUE}.")
  private String pooling;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of the bootstrap intervals. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Override
  protected Object execute() {
    List<Distance> metrics =
        metric.equals(ALL) ? Arrays.asList(Distance.values()) : List.of(Distance.of(metric));
    List<Pooling> poolings =
        pooling.equals(ALL) ? Arrays.asList(Pooling.values()) : List.of(Pooling.of(pooling));
    SsimiData data = SsimiData.read(gold, pairs);
    List<SsimiResult> results = new ArrayList<>();
    int total = metrics.size() * poolings.size();
    try (Progress progress = progress("ssimi", total, "scores")) {
      for (Pooling each : poolings) {
        PooledTokens pooled = PooledTokens.load(data.tokens(), submission, each);
        for (Distance distance : metrics) {
          results.add(Ssimi.evaluate(data, pooled, distance, seed));
          progress.update(results.size(), total, "");
        }
      }
    }
    results.stream()
        .flatMap(result -> result.warnings().stream())
        .distinct()
        .forEach(warning -> remark("duovox: warning: %s", warning));
    return List.copyOf(results);
  }

  @Override
  protected String json(Object result) {
    List<SsimiResult> results = results(result);
    if (results.size() == 1) {
      return results.getFirst().toJson();
    }
    return Json.pretty(
        results.stream().map(each -> Json.parse(each.toJson(), Object.class, "ssimi")).toList());
  }

  @Override
  protected void print(Object result, PrintWriter out) {
    List<SsimiResult> results = results(result);
    if (results.size() == 1) {
      printOne(results.getFirst(), out);
    } else {
      printMatrices(results, out);
    }
  }

  private static List<SsimiResult> results(Object result) {
    return ((List<?>) result).stream().map(SsimiResult.class::cast).toList();
  }

  private static void printOne(SsimiResult result, PrintWriter out) {
    out.println(
        "sSIMI, 100 x Spearman's correlation; %s distance, %s pooling"
            .formatted(result.metric().label(), result.pooling().label()));
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("dataset", "score", "95 % interval", "pairs"));
    result
        .estimates()
        .forEach((group, e) ->
            rows.add(List.of(group, score(e.value()), interval(e), Integer.toString(e.n()))));
    result
        .overall()
        .forEach((type, o) ->
            rows.add(
                List.of(
                    type + ", weighted mean",
                    score(o.weighted()),
                    "",
                    Integer.toString(o.pairs()))));
    Wording.table(out, rows, true);
  }

  /// Prints a table per dataset: a row per distance, a column per pooling.
  private static void printMatrices(List<SsimiResult> results, PrintWriter out) {
    List<String> poolings = results.stream().map(r -> r.pooling().label()).distinct().toList();
    for (String group : results.getFirst().estimates().keySet()) {
      Map<String, List<String>> rows = new LinkedHashMap<>();
      List<String> head = new ArrayList<>(List.of(group));
      head.addAll(poolings);
      for (SsimiResult result : results) {
        String name = result.metric().label();
        rows.computeIfAbsent(name, key -> new ArrayList<>(List.of(key)))
            .add(score(result.estimates().get(group).value()));
      }
      List<List<String>> table = new ArrayList<>(List.of(head));
      table.addAll(rows.values());
      Wording.table(out, table, true);
      out.println();
    }
    out.println("sSIMI, 100 x Spearman's correlation; rows are distances, columns poolings");
  }

  private static String score(double value) {
    return Double.isNaN(value) ? "undefined" : Wording.format("%.4f", value);
  }

  private static String interval(Estimate e) {
    return Double.isNaN(e.low()) ? "-" : Wording.format("%.2f to %.2f", e.low(), e.high());
  }
}
