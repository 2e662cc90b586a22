package org.duovox.cli.model;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.cli.console.OutputGuard.Form;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.cli.console.Progress;
import org.duovox.cli.console.Verb;
import org.duovox.eval.abx.Abx;
import org.duovox.eval.abx.AbxCondition;
import org.duovox.eval.abx.AbxConfig;
import org.duovox.eval.abx.FrameDistance;
import org.duovox.eval.abx.FramePooling;
import org.duovox.eval.abx.FrameSource;
import org.duovox.eval.abx.ItemFile;
import org.duovox.eval.abx.PairTable;
import org.duovox.eval.abx.Slicing;
import org.duovox.eval.abx.TokenSet;
import org.duovox.report.Wording;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `duovox abx`: scores features, units or hidden states by ABX phone discrimination, as the
/// ZeroSpeech tool computes it.
@Command(
    name = "abx",
    description = {
      "Scores features, units or hidden states by how well they tell phones apart (ABX of"
          + " ZeroSpeech).",
      "",
      "The error is the share of triplets in which a stretch of speech lies nearer to one of another"
          + " phone than",
      "to one of its own: 0 is perfect, 0.5 chance."
    },
    footer = {
      "  duovox abx --features out/ --items dev-clean.item --interval-ms 10",
      "  duovox abx --features features/ --layer 6 --items dev-clean.item --distance cosine --pooling"
          + " none",
      "  duovox abx --features states/ --corpus corpus/ --items dev-clean.item --max-group 10"
          + " --max-speakers 5"
    })
public final class AbxCommand extends Verb {
  private static final long MANY = 50_000_000;

  @Option(
      names = "--features",
      required = true,
      paramLabel = "DIR",
      description =
          "Folder of NAME.npy or NAME.txt files (frames, width), a feature set, a unit set, or"
              + " embeddings of 'duovox embed'.")
  private Path features;

  @Option(
      names = "--items",
      required = true,
      paramLabel = "FILE",
      description = "Item file: file, onset, offset, phone, previous phone, next phone, speaker.")
  private Path items;

  @Option(
      names = "--interval-ms",
      paramLabel = "MS",
      description = "Milliseconds between two frames. Default: what the set says.")
  private Double intervalMs;

  @Option(
      names = "--center-ms",
      paramLabel = "MS",
      description =
          "Time of the first frame. Default: what the set says, else half an interval, as the"
              + " reference.")
  private Double centerMs;

  @Option(
      names = "--layer",
      paramLabel = "NAME",
      description = "Layer of a feature set that has several.")
  private String layer;

  @Option(
      names = "--corpus",
      paramLabel = "DIR",
      description = "Corpus that embeddings were made of: it says how long each row lasts.")
  private Path corpus;

  @Mixin private AbxMeasures measures;

  @Option(
      names = "--allow-outside",
      description = "Cut items that end behind their recording instead of refusing them.")
  private boolean allowOutside;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Write the errors by pair of phones as CSV.")
  private Path csv;

  /// The form of `--json`: errors by `distance/pooling/within-speaker/within-context`, null where
  /// there is no triplet.
  private record Scores(Map<String, Double> scores) {}

  @Override
  public List<Output> outputs() {
    return csv == null ? List.of() : Output.refusing(Form.FILE, csv);
  }

  @Override
  protected void checkOptions() {
    measures.check();
  }

  @Override
  protected Object execute() {
    ItemFile list = ItemFile.read(items);
    Map<String, Double> scores = new LinkedHashMap<>();
    PairTable table = new PairTable();
    try (FrameSource source = FrameSource.open(features, layer, corpus)) {
      Slicing slicing = Slicing.of(source, intervalMs, centerMs, allowOutside);
      for (FramePooling pooling : measures.poolings(source)) {
        try (TokenSet set = read(list, source, slicing, pooling)) {
          if (scores.isEmpty()) {
            tell(set);
          }
          for (FrameDistance distance : measures.distances(source, set)) {
            score(set, distance, pooling, scores, table);
          }
        }
      }
    }
    requireTriplets(scores);
    if (csv != null) {
      table.write(csv);
    }
    return new Scores(scores);
  }

  private TokenSet read(ItemFile list, FrameSource source, Slicing slicing, FramePooling pooling) {
    boolean directions = !measures.isIdentity(source);
    long total = list.recordings();
    try (Progress progress = progress("abx, reading", total, "recordings")) {
      return TokenSet.read(
          list, source, slicing, pooling, directions, done -> progress.update(done, total, ""));
    }
  }

  private void requireTriplets(Map<String, Double> scores) {
    if (scores.values().stream().allMatch(value -> value.isNaN())) {
      throw DuovoxException.badData(
          items
              + ": holds no triplet: A and X need two items of a phone, B one of another phone,"
              + " by the speakers and in the contexts that were asked for");
    }
  }

  private void tell(TokenSet set) {
    if (set.leftOut() > 0) {
      remark(
          "%d of %d items are shorter than a frame or lie behind the last one and are left out",
          set.leftOut(), set.leftOut() + set.size());
    }
    if (set.zeroFrames() > 0) {
      remark(
          "duovox: warning: %d frames hold nothing but zeros (the first is %s); they count as far"
              + " from all others",
          set.zeroFrames(), set.firstZero());
    }
    long comparisons =
        measures.conditions().stream()
            .mapToLong(each -> Abx.comparisons(set, each, measures.config()))
            .sum();
    if (comparisons > MANY) {
      remark(
          "%,d pairs of items to compare for each distance and pooling; --max-group 10"
              + " --max-speakers 5 takes as many as ZeroSpeech does",
          comparisons);
    }
  }

  private void score(
      TokenSet set,
      FrameDistance distance,
      FramePooling pooling,
      Map<String, Double> scores,
      PairTable table) {
    AbxConfig config = measures.config();
    for (AbxCondition condition : measures.conditions()) {
      String name = distance.label() + "/" + pooling.label() + "/" + condition.label();
      long total = Abx.triplets(set, condition, config);
      try (Progress progress = progress("abx " + name, total, "triplets")) {
        Abx.Score score =
            Abx.score(set, distance, condition, config, done -> progress.update(done, total, ""));
        scores.put(name, score.error());
        table.add(name, score);
      }
    }
  }

  @Override
  protected void print(Object result, PrintWriter out) {
    Map<String, Double> scores = ((Scores) result).scores();
    out.println("ABX error; chance is 0.5");
    List<List<String>> rows = new ArrayList<>();
    Map<String, List<String>> byMeasure = new LinkedHashMap<>();
    List<String> head = new ArrayList<>(List.of("distance/pooling"));
    measures.conditions().forEach(condition -> head.add(condition.label()));
    scores.forEach((name, error) -> {
      String[] parts = name.split("/");
      byMeasure
          .computeIfAbsent(parts[0] + "/" + parts[1], key -> new ArrayList<>(List.of(key)))
          .add(error.isNaN() ? "-" : Wording.format("%.4f", error));
    });
    rows.add(head);
    rows.addAll(byMeasure.values());
    Wording.table(out, rows, true);
  }
}
