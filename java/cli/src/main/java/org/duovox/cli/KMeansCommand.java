package org.duovox.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.duovox.units.Codebook;
import org.duovox.units.FeatureLayer;
import org.duovox.units.KMeansConfig;
import org.duovox.units.KMeansFit;
import org.duovox.units.KMeansListener;
import org.duovox.units.StoredFeatures;
import org.duovox.units.UtteranceInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `duovox kmeans`: fits a codebook on features.
@Command(
    name = "kmeans",
    description = {
      "Fits a k-means codebook on features.",
      "",
      "A k-means++ start, mini-batches, then full passes until nothing moves.",
      "Memory is one batch and one sample of frames, whatever the corpus; the same seed gives the"
          + " same bytes."
    },
    footer = {
      "  duovox kmeans --features features/ --layer block2 --clusters 100 --out"
          + " phonetic.safetensors",
      "  duovox kmeans --features features/ --clusters 256 --where split=train --seed 1 --out"
          + " contextual.safetensors"
    })
final class KMeansCommand extends Verb {
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
          "End when no centroid moves by more than this share of the mean distance. Default:"
              + " ${DEFAULT-VALUE}.")
  private double tolerance = KMeansConfig.defaults().tolerance();

  @Option(
      names = "--sample",
      paramLabel = "N",
      description = "Frames drawn for the start, never fewer than 3 K. Default: ${DEFAULT-VALUE}.")
  private int sample = KMeansConfig.defaults().sample();

  @Option(
      names = "--starts",
      paramLabel = "N",
      description = "Starts on the sample, the best of which is kept. Default: ${DEFAULT-VALUE}.")
  private int starts = KMeansConfig.defaults().starts();

  @Option(
      names = "--where",
      paramLabel = "FIELD=VALUE",
      description = "Fit on these utterances only; repeatable.")
  private List<String> where = List.of();

  private record Result(
      String out,
      int clusters,
      int width,
      long frames,
      int passes,
      double meanSquaredDistance,
      double seconds,
      String sha256,
      List<String> warnings)
      implements Summary {
    @Override
    public void print(PrintWriter writer) {
      writer.println(
          Text.of("wrote %s: %d codes of %d values, sha256 %.12s", out, clusters, width, sha256));
      writer.println(
          Text.of(
              "fitted on %,d frames in %s: %d full passes, mean squared distance %.6g",
              frames, Text.duration(seconds), passes, meanSquaredDistance));
    }
  }

  @Override
  Object execute() {
    KMeansConfig config =
        new KMeansConfig(clusters, seed, batch, epochs, lloydPasses, tolerance, sample, 1, starts);
    Where part = new Where(where);
    Clock clock = new Clock();
    try (FeatureLayer frames = StoredFeatures.open(features, layer);
        Progress progress = progress("kmeans", -1, "frames")) {
      if (frames.select(u -> part.fields().test(u.fields())).length == 0) {
        throw part.nothing(
            features.toString(), frames.utterances().stream().map(UtteranceInfo::fields));
      }
      KMeansFit.Result fit =
          KMeansFit.fit(
              frames,
              config,
              u -> part.fields().test(u.fields()),
              p -> progress.update(p.rows(), p.allRows(), phase(p)));
      fit.codebook().write(out);
      return result(fit, clock);
    }
  }

  private Result result(KMeansFit.Result fit, Clock clock) {
    Codebook codebook = fit.codebook();
    return new Result(
        out.toString(),
        codebook.clusters(),
        codebook.width(),
        fit.rows(),
        fit.passes(),
        fit.meanSquaredDistance(),
        clock.seconds(),
        codebook.sha256(),
        fit.warnings());
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
