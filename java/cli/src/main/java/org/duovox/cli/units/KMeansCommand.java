package org.duovox.cli.units;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.duovox.DuovoxException;
import org.duovox.cli.console.DeviceOption;
import org.duovox.cli.console.FieldFilter;
import org.duovox.cli.console.OutputGuard;
import org.duovox.cli.console.OutputGuard.Form;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.cli.console.Progress;
import org.duovox.cli.console.Stopwatch;
import org.duovox.cli.console.Verb;
import org.duovox.io.Decimals;
import org.duovox.units.FeatureLayer;
import org.duovox.units.StagedCentroids;
import org.duovox.units.StoredFeatures;
import org.duovox.units.UtteranceInfo;
import org.duovox.units.kmeans.FitRequest;
import org.duovox.units.kmeans.KMeansConfig;
import org.duovox.units.kmeans.KMeansFit;
import org.duovox.units.kmeans.KMeansListener;
import org.duovox.units.kmeans.StagedFit;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `duovox kmeans`: fits a codebook on features.
@Command(
    name = "kmeans",
    description = {
      "Fits a k-means codebook on features.",
      "",
      "A k-means++ start, mini-batches, then full passes until nothing moves.",
      "Memory is two batches and one sample of frames, whatever the corpus; the same seed gives the"
          + " same bytes with any number of threads or shards."
    },
    footer = {
      "  duovox kmeans --features features/ --layer block2 --clusters 100 --out"
          + " phonetic.safetensors",
      "  duovox kmeans --features features/ --clusters 256 --where split=train --seed 1 --out"
          + " contextual.safetensors",
      "  duovox kmeans --features features/ --layer 6 --clusters 500 --sample 0.1 --out"
          + " units-500.safetensors",
      "  duovox kmeans --features features/ --layer 6 --clusters 64 --levels 2 --out"
          + " residual.safetensors"
    })
public final class KMeansCommand extends Verb {
  @Option(
      names = "--features",
      required = true,
      paramLabel = "DIR",
      description = "Folder of 'duovox features'.")
  private Path features;

  @Option(
      names = "--layer",
      paramLabel = "L",
      description = "Layer; needed when the folder holds several.")
  private String layer;

  @Option(
      names = "--clusters",
      required = true,
      paramLabel = "K",
      description = "Size of the codebook.")
  private int clusters;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Codebook to write (safetensors).")
  private Path out;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of everything drawn. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes of mini-batches. Default: ${DEFAULT-VALUE}.")
  private int epochs = KMeansConfig.defaults().epochs();

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Frames of a mini-batch. Default: ${DEFAULT-VALUE}.")
  private int batch = KMeansConfig.defaults().batch();

  @Option(
      names = "--lloyd-passes",
      paramLabel = "N",
      description = "Most full passes afterwards. Default: ${DEFAULT-VALUE}.")
  private int lloydPasses = KMeansConfig.defaults().lloydPasses();

  @Option(
      names = "--tolerance",
      paramLabel = "X",
      description =
          "End when a pass lowers the mean squared distance by no more than this share. Default:"
              + " ${DEFAULT-VALUE}.")
  private double tolerance = KMeansConfig.defaults().tolerance();

  @Option(
      names = "--sample",
      paramLabel = "N|SHARE",
      description = {
        "Frames drawn for the start, never fewer than 3 K. Default: ${DEFAULT-VALUE}.",
        "With a decimal point (0.1): the share of all frames that the whole fit reads, drawn by"
            + " utterance."
      })
  private String sample = Integer.toString(KMeansConfig.defaults().sample());

  @Option(
      names = "--starts",
      paramLabel = "N",
      description = "Starts on the sample, the best of which is kept. Default: ${DEFAULT-VALUE}.")
  private int starts = KMeansConfig.defaults().starts();

  @ArgGroup private Stages stages = new Stages();

  private static final class Stages {
    @Option(
        names = "--levels",
        paramLabel = "L",
        description = "Residual k-means: L codebooks, each of what the ones before leave.")
    private int levels;

    @Option(
        names = "--groups",
        paramLabel = "G",
        description = "Product k-means: the values of a frame in G parts with a codebook each.")
    private int groups;
  }

  @Option(
      names = "--where",
      paramLabel = "FIELD=VALUE",
      description = "Fit on these utterances only; repeatable.")
  private List<String> where = List.of();

  @Mixin private DeviceOption deviceOption;

  @Override
  public List<Output> outputs() {
    return Output.comparing(Form.FILE, out);
  }

  @Override
  protected Object execute() {
    deviceOption.requireCpu("k-means");
    KMeansConfig config = config();
    FieldFilter filter = new FieldFilter(where);
    Predicate<UtteranceInfo> subset = utterance -> filter.matches(utterance.fields());
    Stopwatch stopwatch = new Stopwatch();
    try (FeatureLayer frames = StoredFeatures.open(features, layer);
        Progress progress = progress("kmeans", -1, "frames")) {
      int[] chosen = frames.select(subset);
      if (chosen.length == 0) {
        throw filter.noMatch(
            features.toString(), frames.utterances().stream().map(UtteranceInfo::fields));
      }
      if (isKept(out)) {
        return reused(frames, config, chosen, stopwatch);
      }
      KMeansListener listener = p -> progress.update(p.rows(), p.allRows(), phase(p));
      return kind() == null
          ? plain(KMeansFit.fit(frames, config, subset, listener), stopwatch)
          : staged(frames, config, subset, listener, stopwatch);
    }
  }

  /// Returns the codebook that exists already, or refuses it when it would come out differently.
  private KMeansSummary reused(
      FeatureLayer frames, KMeansConfig config, int[] chosen, Stopwatch stopwatch) {
    String difference = FitRequest.difference(out, frames, config, kind(), stageCount(), chosen);
    if (!difference.isEmpty()) {
      throw OutputGuard.refused(out, difference);
    }
    return KMeansSummary.reused(out, stopwatch.seconds());
  }

  /// Returns null for plain k-means.
  private StagedCentroids.Kind kind() {
    if (stages.levels == 0 && stages.groups == 0) {
      return null;
    }
    return stages.levels > 0 ? StagedCentroids.Kind.RESIDUAL : StagedCentroids.Kind.PRODUCT;
  }

  private int stageCount() {
    return Math.max(1, Math.max(stages.levels, stages.groups));
  }

  private KMeansConfig config() {
    boolean isShare = sample.contains(".");
    try {
      return new KMeansConfig(
          clusters,
          seed,
          batch,
          epochs,
          lloydPasses,
          tolerance,
          isShare ? KMeansConfig.defaults().sample() : Integer.parseInt(sample),
          isShare ? Decimals.parse(sample).orElseThrow(NumberFormatException::new) : 1,
          starts);
    } catch (NumberFormatException e) {
      throw DuovoxException.usage(
          "--sample %s: must be a number of frames (10000) or a share of them (0.1)"
              .formatted(sample));
    }
  }

  private KMeansSummary plain(KMeansFit.Result fit, Stopwatch stopwatch) {
    fit.codebook().write(out);
    return KMeansSummary.of(out, fit, stopwatch.seconds());
  }

  private KMeansSummary staged(
      FeatureLayer frames,
      KMeansConfig config,
      Predicate<UtteranceInfo> subset,
      KMeansListener listener,
      Stopwatch stopwatch) {
    StagedFit.Result fit = StagedFit.fit(frames, config, kind(), stageCount(), subset, listener);
    fit.write(out);
    return KMeansSummary.of(out, fit, stopwatch.seconds());
  }

  private static String phase(KMeansListener.Progress progress) {
    return switch (progress.phase()) {
      case SAMPLE -> "drawing the start";
      case MINI_BATCH ->
          "mini-batches, epoch %d of %d".formatted(progress.pass(), progress.passes());
      case LLOYD -> "full pass %d of at most %d".formatted(progress.pass(), progress.passes());
    };
  }
}
