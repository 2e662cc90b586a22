package org.duovox.units.kmeans;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.function.ObjIntConsumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeKMeans;
import org.duovox.internal.NativeRows;
import org.duovox.units.Codebook;
import org.duovox.units.FeatureLayer;
import org.duovox.units.SplitMix;
import org.duovox.units.UnitDiagnostics;
import org.duovox.units.UtteranceInfo;
import org.duovox.units.kmeans.KMeansListener.Phase;
import org.duovox.units.kmeans.KMeansListener.Progress;

/// Fits a codebook while the features are streamed: k-means++ starts on a uniform sample,
/// mini-batches, then full Lloyd passes.
///
/// Memory is two batches and one sample of rows, whatever the corpus. The result is a function of
/// the features, the chosen utterances and the settings: the same seed gives the same bytes, and
/// neither how the features are stored nor the number of threads matters.
public final class KMeansFit {
  /// A fitted codebook.
  ///
  /// @param rows frames of a pass
  /// @param meanSquaredDistance to the nearest centroid, found by the last pass
  /// @param passes full passes made
  /// @param diagnostics of some of the utterances
  /// @param warnings for the user
  public record Result(
      Codebook codebook,
      long rows,
      double meanSquaredDistance,
      int passes,
      UnitDiagnostics diagnostics,
      List<String> warnings) {}

  static final String METHOD = "k-means++ start, mini-batches, Lloyd passes";

  private static final System.Logger LOG = System.getLogger(KMeansFit.class.getName());

  // Lloyd passes over the sample before starts are compared.
  private static final int START_PASSES = 5;

  private static final long MAX_VALUES = (Integer.MAX_VALUE - 8) / Float.BYTES;

  private final FeatureLayer features;
  private final KMeansConfig config;
  private final KMeansListener listener;
  private final ObjIntConsumer<NativeRows> prepare; // Changes rows before they are used.
  private final int[] utterances;
  private final long frames;

  private KMeansFit(
      FeatureLayer features,
      KMeansConfig config,
      int[] chosen,
      KMeansListener listener,
      ObjIntConsumer<NativeRows> prepare) {
    this.prepare = prepare;
    this.features = features;
    this.config = config;
    this.listener = listener;
    this.utterances = config.drawShare(features, chosen);
    this.frames = features.frames(utterances);
  }

  /// Fits on the utterances that `subset` accepts, e.g. those of the training speakers of a fold.
  ///
  /// @throws DuovoxException (BAD_DATA) when there are fewer frames than clusters or a frame is not
  ///   finite
  public static Result fit(
      FeatureLayer features,
      KMeansConfig config,
      Predicate<UtteranceInfo> subset,
      KMeansListener listener) {
    return fit(features, config, subset, listener, (rows, count) -> {});
  }

  /// The same on rows as `prepare` changes them.
  static Result fit(
      FeatureLayer features,
      KMeansConfig config,
      Predicate<UtteranceInfo> subset,
      KMeansListener listener,
      ObjIntConsumer<NativeRows> prepare) {
    if (features.codebook().isPresent()) {
      throw DuovoxException.config(
          "the frames of layer '%s' are codes, not vectors: quantize them without a codebook"
              .formatted(features.stream().layer()));
    }
    return new KMeansFit(features, config, features.select(subset), listener, prepare).run();
  }

  /// Fits on all utterances.
  public static Result fit(FeatureLayer features, KMeansConfig config) {
    return fit(features, config, utterance -> true, KMeansListener.NONE);
  }

  private Result run() {
    if (frames < config.clusters()) {
      throw DuovoxException.badData(
          ("cannot fit %d clusters on %d frames (%d utterances): ask for at most %d clusters or"
                  + " bring more audio")
              .formatted(config.clusters(), frames, utterances.length, frames));
    }
    int startRows = (int) Math.min(config.startRows(), frames);
    int batchRows = (int) Math.min(config.batch(), frames);
    if ((long) Math.max(startRows, batchRows) * features.width() > MAX_VALUES) {
      throw DuovoxException.config(
          "k-means: sample %d and batch %d of frames %d wide do not fit one buffer; lower them"
              .formatted(config.sample(), config.batch(), features.width()));
    }
    try (NativeRows sample = new NativeRows(startRows, features.width());
        NativeKMeans kmeans = kmeans(0);
        RowBatches batches = new RowBatches(features, batchRows)) {
      StartSample.draw(features, utterances, frames, SplitMix.of(config.seed(), 1), sample);
      prepare.accept(sample, startRows);
      listener.progress(new Progress(Phase.SAMPLE, 1, 1, startRows, startRows));
      kmeans.setCentroids(bestStart(sample));
      miniBatches(kmeans, batches);
      return lloyd(kmeans, batches, sample);
    }
  }

  private NativeKMeans kmeans(int start) {
    long seed = start == 0 ? config.seed() : SplitMix.of(config.seed(), 4, start).nextLong();
    return new NativeKMeans(config.clusters(), features.width(), seed);
  }

  /// The centroids of the start with the lowest inertia on the sample.
  private float[] bestStart(NativeRows sample) {
    float[] best = null;
    double lowest = Double.POSITIVE_INFINITY;
    for (int start = 0; start < config.starts(); start++) {
      try (NativeKMeans candidate = kmeans(start)) {
        candidate.start(sample, sample.capacity());
        double inertia = Double.NaN;
        for (int pass = 0; pass < START_PASSES; pass++) {
          candidate.lloydAdd(sample, sample.capacity());
          inertia = candidate.lloydEnd().inertia();
        }
        if (best == null || inertia < lowest) {
          best = candidate.centroids();
          lowest = inertia;
        }
      }
    }
    return best;
  }

  private void miniBatches(NativeKMeans kmeans, RowBatches batches) {
    PrimitiveIterator.OfInt order =
        IntStream.rangeClosed(1, config.epochs())
            .flatMap(epoch -> {
              int[] shuffled = utterances.clone();
              SplitMix.of(config.seed(), 2, epoch).shuffle(shuffled, shuffled.length);
              return IntStream.of(shuffled);
            })
            .iterator();
    pass(Phase.MINI_BATCH, 0, config.epochs(), batches, order, kmeans::miniBatch);
  }

  private Result lloyd(NativeKMeans kmeans, RowBatches batches, NativeRows sample) {
    NativeKMeans.Report last = new NativeKMeans.Report(0, 0, Double.NaN, Double.NaN);
    double before = Double.POSITIVE_INFINITY;
    int passes = 0;
    boolean settled = false;
    while (passes < config.lloydPasses() && !settled) {
      passes++;
      PrimitiveIterator.OfInt order = IntStream.of(utterances).iterator();
      pass(Phase.LLOYD, passes - 1, config.lloydPasses(), batches, order, kmeans::lloydAdd);
      last = kmeans.lloydEnd();
      settled = last.inertia() >= before * (1 - config.tolerance());
      before = last.inertia();
      LOG.log(System.Logger.Level.DEBUG, "pass {0}: inertia {1}", passes, last.inertia());
    }
    return result(kmeans.centroids(), last, passes, sample);
  }

  private Result result(
      float[] centroids, NativeKMeans.Report last, int passes, NativeRows sample) {
    double distance = last.inertia() / last.rows();
    Codebook codebook =
        new Codebook(centroids, config.clusters(), features.stream(), describe(passes, distance));
    FrameStatistics statistics = new FrameStatistics(features.width());
    statistics.add(sample, sample.capacity(), 1);
    FitDiagnosis diagnosis =
        FitDiagnosis.of(
            features,
            new UnitQuantizer.Plain(codebook),
            config.shuffled(utterances),
            statistics,
            prepare);
    List<String> warnings = new ArrayList<>(diagnosis.warnings());
    if (last.emptyClusters() > 0) {
      warnings.add(
          ("%d of %d clusters got no frame in the last pass:"
                  + " there may be fewer distinct frames than clusters")
              .formatted(last.emptyClusters(), config.clusters()));
    }
    warnings.forEach(warning -> LOG.log(System.Logger.Level.WARNING, warning));
    return new Result(
        codebook, last.rows(), distance, passes, diagnosis.units(), List.copyOf(warnings));
  }

  private void pass(
      Phase phase,
      int done,
      int passes,
      RowBatches batches,
      PrimitiveIterator.OfInt order,
      ObjIntConsumer<NativeRows> step) {
    long[] rows = {0};
    batches.forEach(
        order,
        (block, count) -> {
          prepare.accept(block, count);
          step.accept(block, count);
          rows[0] += count;
          long pass = (rows[0] - 1) / frames;
          listener.progress(
              new Progress(phase, done + (int) pass + 1, passes, rows[0] - pass * frames, frames));
        });
  }

  private Map<String, String> describe(int passes, double distance) {
    Map<String, String> fit = new LinkedHashMap<>();
    fit.put("method", METHOD);
    fit.put("clusters", Integer.toString(config.clusters()));
    fit.put("seed", Long.toString(config.seed()));
    fit.put("batch", Integer.toString(config.batch()));
    fit.put("epochs", Integer.toString(config.epochs()));
    fit.put("sample", Integer.toString(config.sample()));
    fit.put("share", Double.toString(config.share()));
    fit.put("starts", Integer.toString(config.starts()));
    fit.put("tolerance", Double.toString(config.tolerance()));
    fit.put("lloyd_passes", Integer.toString(passes));
    fit.put("utterances", Integer.toString(utterances.length));
    fit.put("frames", Long.toString(frames));
    fit.put("mean_squared_distance", Double.toString(distance));
    FitRequest.sha256(features, config, utterances).ifPresent(sum -> fit.put(FitRequest.KEY, sum));
    return fit;
  }
}
