package org.duovox.cli.units;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.cli.console.OutputGuard;
import org.duovox.cli.console.OutputGuard.Form;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.cli.console.Progress;
import org.duovox.cli.console.Verb;
import org.duovox.cli.console.Verb.Summary;
import org.duovox.report.assemble.AlignmentCharts;
import org.duovox.report.chart.AlignmentChart;
import org.duovox.report.chart.Chart;
import org.duovox.units.FeatureLayer;
import org.duovox.units.StoredFeatures;
import org.duovox.units.corpus.AlignConfig;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.CorpusBuilder;
import org.duovox.units.corpus.CorpusManifest;
import org.duovox.units.corpus.CorpusReuse;
import org.duovox.units.corpus.FeatureType;
import org.duovox.units.sets.UnitSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `duovox align`: aligns two unit sets of the same audio to a corpus, or draws a picture of it.
@Command(
    name = "align",
    description = {
      "Aligns two unit sets of the same audio by time, merges runs of equal units, and writes a"
          + " corpus.",
      "",
      "A phonetic frame belongs to the contextual frame in whose span of time its centre lies; a"
          + " centre on a border belongs to the later one. Any pair of frame intervals will do.",
      "",
      "--plot draws one utterance; without --out it is all that is written. With --corpus it draws"
          + " one of a corpus there is, whose phonetic units have an order but no times."
    },
    footer = {
      "  duovox align --contextual units/contextual --phonetic units/phonetic --out corpus/",
      "  duovox align --contextual units/contextual --phonetic units/phonetic --out corpus/"
          + " --contextual-features features/contextual",
      "  duovox align --contextual units/contextual --phonetic units/phonetic --plot one.svg",
      "  duovox align --corpus corpus/ --plot one.png --utterance speaker1/take3"
    })
public final class AlignCommand extends Verb {
  @Option(
      names = "--contextual",
      paramLabel = "UNITS",
      description = "Unit set of the coarse, word-like representation.")
  private Path contextual;

  @Option(
      names = "--phonetic",
      paramLabel = "UNITS",
      description = "Unit set of the fine, sub-word representation.")
  private Path phonetic;

  @Option(names = "--out", paramLabel = "CORPUS", description = "Folder to write.")
  private Path out;

  @Option(
      names = "--corpus",
      paramLabel = "CORPUS",
      description = "With --plot: an existing corpus to draw from, instead of two unit sets.")
  private Path corpus;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Draw the alignment of one utterance as .svg or .png.")
  private Path plot;

  @Option(
      names = "--utterance",
      paramLabel = "ID",
      description = "Utterance to draw. Default: the one whose length is nearest to 2 s.")
  private String utterance;

  @Option(
      names = "--edges",
      paramLabel = "RULE",
      defaultValue = "time",
      description =
          "time, or prototype: counting as in the first author's code, which needs a whole ratio of"
              + " the intervals r: r x T phonetic frames by repeating up to 4 edge frames or cutting"
              + " the end; other utterances are left out and named. Default: ${DEFAULT-VALUE}.")
  private AlignConfig.Edges edges;

  @Option(
      names = "--shift-ms",
      paramLabel = "X",
      description = "Move the phonetic stream by X ms (later when positive), for ablations.")
  private double shiftMs;

  @Option(
      names = "--jitter-ms",
      paramLabel = "X",
      description =
          "Move the phonetic stream of each utterance by a random amount within X ms either way; it"
              + " depends on --seed and the utterance's id only.")
  private double jitterMs;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of the jitter. Default: 0.")
  private long seed;

  @Option(
      names = "--no-merge-contextual",
      description = "Keep equal neighbours of the contextual stream apart.")
  private boolean keepContextual;

  @Option(
      names = "--no-merge-phonetic",
      description = "Keep equal neighbours of the phonetic stream apart.")
  private boolean keepPhonetic;

  @Option(
      names = "--contextual-features",
      paramLabel = "DIR",
      description =
          "Features that the contextual units were made of: the corpus keeps the mean over each"
              + " token's frames, which pretraining with pretrain.mcr_target=feature reconstructs.")
  private Path features;

  @Option(
      names = "--contextual-layer",
      paramLabel = "L",
      description = "Layer of these features; needed when the folder holds several.")
  private String featureLayer;

  @Option(
      names = "--feature-type",
      paramLabel = "TYPE",
      defaultValue = "float16",
      description = "How they are kept: float16, float32. Default: ${DEFAULT-VALUE}.")
  private FeatureType featureType;

  @Option(
      names = "--skip-unmatched",
      description = "Skip utterances that only one set has, instead of refusing.")
  private boolean skipUnmatched;

  private record PictureResult(String plot, String utterance, int tokens, int phoneticFrames)
      implements Summary {
    @Override
    public void print(PrintWriter writer) {
      writer.println(
          "wrote %s: %s, %d contextual tokens, %d phonetic frames"
              .formatted(plot, utterance, tokens, phoneticFrames));
    }
  }

  @Override
  public List<Output> outputs() {
    return Output.comparing(Form.FOLDER, out, plot);
  }

  @Override
  protected Object execute() {
    if (corpus != null) {
      return draw(AlignmentCharts.of(corpus, Corpus.open(corpus), utterance));
    }
    UnitSet coarse = UnitSet.open(contextual);
    UnitSet fine = UnitSet.open(phonetic);
    if (coarse.manifest().intervalMs() < fine.manifest().intervalMs()) {
      remark(
          "duovox: warning: the contextual units are the finer ones (%s against %s ms); are the two"
              + " sets swapped?",
          coarse.manifest().intervalMs(), fine.manifest().intervalMs());
    }
    AlignConfig config =
        new AlignConfig(
            !keepContextual, !keepPhonetic, skipUnmatched, edges, shiftMs, jitterMs, seed);
    PictureResult picture =
        plot == null ? null : draw(AlignmentCharts.of(coarse, fine, config, utterance));
    return out == null ? picture : align(coarse, fine, config);
  }

  private AlignSummary align(UnitSet coarse, UnitSet fine, AlignConfig config) {
    int total = coarse.utterances().size();
    try (FeatureLayer frames =
            features == null ? null : StoredFeatures.open(features, featureLayer);
        Progress progress = progress("align", total, "utterances")) {
      Optional<CorpusBuilder.KeptFeatures> kept =
          Optional.ofNullable(frames)
              .map(layer -> new CorpusBuilder.KeptFeatures(layer, featureType));
      if (isKept(out)) {
        String difference = CorpusReuse.difference(out, coarse, fine, config, kept);
        if (!difference.isEmpty()) {
          throw OutputGuard.refused(out, difference);
        }
        CorpusManifest manifest = Corpus.manifest(out);
        return AlignSummary.of(out, manifest.utterances(), manifest, true, plot);
      }
      Corpus built =
          CorpusBuilder.build(
              coarse, fine, config, kept, out, done -> progress.update(done, total, ""));
      return AlignSummary.of(out, built.size(), Corpus.manifest(out), false, plot);
    }
  }

  private PictureResult draw(AlignmentChart picture) {
    picture.write(plot);
    return new PictureResult(
        plot.toString(), picture.utteranceId(), picture.tokens().size(), picture.frames().size());
  }

  @Override
  protected void checkOptions() {
    if (corpus != null && (contextual != null || phonetic != null || out != null || plot == null)) {
      throw DuovoxException.usage("--corpus goes with --plot and --utterance only");
    }
    if (corpus == null) {
      requireSets();
    }
    if (features != null && out == null) {
      throw DuovoxException.usage("--contextual-features are kept in a corpus; give --out CORPUS");
    }
    if (featureLayer != null && features == null) {
      throw DuovoxException.usage(
          "--contextual-layer names a layer of --contextual-features, which is missing");
    }
    if (utterance != null && plot == null) {
      throw DuovoxException.usage("--utterance says what --plot draws; give --plot FILE");
    }
    if (plot != null) {
      Chart.requireKnownKind(plot);
    }
  }

  private void requireSets() {
    List<String> missing = new ArrayList<>();
    if (contextual == null) {
      missing.add("--contextual=UNITS");
    }
    if (phonetic == null) {
      missing.add("--phonetic=UNITS");
    }
    if (out == null && plot == null) {
      missing.add("--out=CORPUS for a corpus or --plot=FILE for a picture");
    }
    if (!missing.isEmpty()) {
      throw DuovoxException.usage("missing: " + String.join(", ", missing));
    }
  }
}
