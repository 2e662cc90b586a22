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
  private static final String ALL = "all";
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

  @Option(
      names = "--distance",
      paramLabel = "NAME",
      defaultValue = ALL,
      description =
          "cosine (angle), euclidean, kl_symmetric, kl (both for distributions), identity (the only"
              + " one of units), or all: cosine, euclidean and, where nothing is negative,"
              + " kl_symmetric. Default: ${DEFAULT-VALUE}.")
  private String distance;

  @Option(
      names = "--pooling",
      paramLabel = "NAME",
      defaultValue = ALL,
      description =
          "none (dynamic time warping), mean, hamming, or all: none and mean. Default:"
              + " ${DEFAULT-VALUE}.")
  private String pooling;

  @Option(
      names = "--speaker",
      paramLabel = "NAME",
      defaultValue = ALL,
      description = "X by the same speaker (within), another one (across), or all. Default: all.")
  private String speaker;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      defaultValue = ALL,
      description =
          "The same neighbors of all three phones (within), any neighbors (any), or all. Default:"
              + " all.")
  private String context;

  @Option(
      names = "--max-group",
      paramLabel = "N",
      description =
          "Most items of a phone and speaker that are taken, drawn at random; 10 in ZeroSpeech."
              + " Default: all.")
  private Integer maxGroup;

  @Option(
      names = "--max-speakers",
      paramLabel = "N",
      description =
          "Most other speakers that X comes from, drawn at random; 5 in ZeroSpeech. Default: all.")
  private Integer maxSpeakers;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "3459",
      description = "Seed of the draws. Default: ${DEFAULT-VALUE}, as in ZeroSpeech.")
  private long seed;

  @Option(
      names = "--allow-outside",
      description = "Cut items that end behind their recording instead of refusing them.")
  private boolean allowOutside;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Write the errors by pair of phones as CSV.")
  private Path csv;

  /// A distance with a pooling.
  private record Measure(FrameDistance distance, FramePooling pooling) {
    String label() {
      return distance.label() + "/" + pooling.label();
    }
  }

  /// The form of `--json`: errors by `distance/pooling/within-speaker/within-context`, null where
  /// there is no triplet.
  private record Scores(Map<String, Double> scores) {}

  @Override
  public List<Output> outputs() {
    return csv == null ? List.of() : Output.refusing(Form.FILE, csv);
  }

  @Override
  protected void checkOptions() {
    config();
    conditions();
    if (!distance.equals(ALL)) {
      FrameDistance.of(distance);
    }
    if (!pooling.equals(ALL)) {
      FramePooling.of(pooling);
    }
  }

  private AbxConfig config() {
    int most = Integer.MAX_VALUE;
    return new AbxConfig(
        maxGroup == null ? most : maxGroup, maxSpeakers == null ? most : maxSpeakers, seed);
  }

  private List<AbxCondition> conditions() {
    requireWord("--speaker", speaker, "within", "across");
    requireWord("--context", context, "within", "any");
    return AbxCondition.ALL.stream()
        .filter(each -> speaker.equals(ALL) || each.acrossSpeakers() == speaker.equals("across"))
        .filter(each -> context.equals(ALL) || each.anyContext() == context.equals("any"))
        .toList();
  }

  private static void requireWord(String option, String value, String one, String other) {
    if (!List.of(ALL, one, other).contains(value)) {
      throw DuovoxException.usage(
          "%s is %s, %s or all, but not \"%s\"".formatted(option, one, other, value));
    }
  }

  @Override
  protected Object execute() {
    ItemFile list = ItemFile.read(items);
    try (FrameSource source = FrameSource.open(features, layer, corpus)) {
      Slicing slicing = Slicing.of(source, intervalMs, centerMs, allowOutside);
      Map<String, Double> scores = new LinkedHashMap<>();
      PairTable table = new PairTable();
      boolean told = false;
      for (FramePooling each : poolings(source)) {
        try (TokenSet set = TokenSet.read(list, source, slicing, each, !isIdentity(source))) {
          List<Measure> measures = measures(source, set, each);
          if (!told) {
            tell(set, measures);
            told = true;
          }
          score(set, measures, scores, table);
        }
      }
      if (scores.values().stream().allMatch(value -> value.isNaN())) {
        throw DuovoxException.badData(
            items
                + ": holds no triplet: A and X need two items of a phone, B one of another phone,"
                + " by the speakers and in the contexts that were asked for");
      }
      if (csv != null) {
        table.write(csv);
      }
      return new Scores(scores);
    }
  }

  private boolean isIdentity(FrameSource source) {
    return source.areUnits() || distance.equals(FrameDistance.IDENTITY.label());
  }

  private List<FramePooling> poolings(FrameSource source) {
    if (!isIdentity(source)) {
      return pooling.equals(ALL)
          ? List.of(FramePooling.NONE, FramePooling.MEAN)
          : List.of(FramePooling.of(pooling));
    }
    if (!pooling.equals(ALL) && FramePooling.of(pooling) != FramePooling.NONE) {
      throw DuovoxException.usage("units have no mean; their --pooling is none");
    }
    if (!List.of(ALL, FrameDistance.IDENTITY.label()).contains(distance)) {
      throw DuovoxException.usage(features + ": holds units, whose only --distance is identity");
    }
    return List.of(FramePooling.NONE);
  }

  private List<Measure> measures(FrameSource source, TokenSet set, FramePooling each) {
    List<FrameDistance> distances =
        isIdentity(source)
            ? List.of(FrameDistance.IDENTITY)
            : distance.equals(ALL)
                ? List.of(FrameDistance.EUCLIDEAN, FrameDistance.COSINE, FrameDistance.KL_SYMMETRIC)
                : List.of(FrameDistance.of(distance));
    String reason = set.notDistributions();
    List<Measure> measures = new ArrayList<>();
    for (FrameDistance of : distances) {
      if (!of.needsDistributions() || reason.isEmpty()) {
        measures.add(new Measure(of, each));
      } else if (!distance.equals(ALL)) {
        throw DuovoxException.badData(reason + "; " + of.label() + " is for distributions");
      }
    }
    return measures;
  }

  private void tell(TokenSet set, List<Measure> measures) {
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
        conditions().stream().mapToLong(each -> Abx.comparisons(set, each, config())).sum();
    if (comparisons > MANY) {
      remark(
          "%,d pairs of items to compare for each distance and pooling; --max-group 10"
              + " --max-speakers 5 takes as many as ZeroSpeech does",
          comparisons);
    }
    if (measures.isEmpty()) {
      throw new IllegalStateException("no distance");
    }
  }

  private void score(
      TokenSet set, List<Measure> measures, Map<String, Double> scores, PairTable table) {
    for (Measure measure : measures) {
      for (AbxCondition condition : conditions()) {
        String name = measure.label() + "/" + condition.label();
        long total = Abx.triplets(set, condition, config());
        try (Progress progress = progress("abx " + name, total, "triplets")) {
          Abx.Score score =
              Abx.score(
                  set,
                  measure.distance(),
                  condition,
                  config(),
                  done -> progress.update(done, total, ""));
          scores.put(name, score.error());
          table.add(name, score);
        }
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
    conditions().forEach(condition -> head.add(condition.label()));
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
