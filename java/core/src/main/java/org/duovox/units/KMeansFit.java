package org.duovox.units;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeKMeans;
import org.duovox.units.KMeansListener.Phase;
import org.duovox.units.KMeansListener.Progress;

/// Fits a codebook by streaming: an even sample for the k-means++ start, mini-batches, then full
/// Lloyd passes.
///
/// Memory is one batch and one sample of rows, whatever the corpus. The result is a function of the
/// features, the chosen utterances and the settings: the same seed gives the same bytes, and how
/// the features are stored does not matter.
public final class KMeansFit {
  /// A fitted codebook: rows of the last pass, mean squared distance to the nearest centroid,
  /// passes made, warnings.
  public record Result(
      Codebook codebook,
      long rows,
      double meanSquaredDistance,
      int passes,
      List<String> warnings) {}

  private static final System.Logger LOG = System.getLogger(KMeansFit.class.getName());

  private static final long MAX_VALUES = Integer.MAX_VALUE - 8;

  private final FeatureLayer features;
  private final KMeansConfig config;
  private final int[] utterances;
  private final KMeansListener listener;
  private long frames;

  private KMeansFit(
      FeatureLayer features, KMeansConfig config, int[] utterances, KMeansListener listener) {
    this.features = features;
    this.config = config;
    this.utterances = utterances;
    this.listener = listener;
    for (int utterance : utterances) {
      frames += features.utterances().get(utterance).frames();
    }
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
    return new KMeansFit(features, config, features.select(subset), listener).run();
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
    if ((long) Math.max(startRows, batchRows()) * features.width() > MAX_VALUES) {
      throw DuovoxException.config(
          "k-means: sample %d and batch %d of frames %d wide do not fit one array; lower them"
              .formatted(config.sample(), config.batch(), features.width()));
    }
    Reservoir sample = new Reservoir(startRows, features.width(), SplitMix.of(config.seed(), 1));
    pass(Phase.SAMPLE, 1, 1, utterances, sample::add);
    try (NativeKMeans kmeans =
        new NativeKMeans(config.clusters(), features.width(), config.seed())) {
      kmeans.start(sample.rows(), sample.count());
      miniBatches(kmeans);
      return lloyd(kmeans, sample);
    }
  }

  private void miniBatches(NativeKMeans kmeans) {
    RowBuffer buffer = new RowBuffer(batchRows(), features.width(), kmeans::miniBatch);
    for (int epoch = 1; epoch <= config.epochs(); epoch++) {
      int[] order = utterances.clone();
      SplitMix.of(config.seed(), 2, epoch).shuffle(order, order.length);
      pass(Phase.MINI_BATCH, epoch, config.epochs(), order, buffer::add);
    }
    buffer.flush();
  }

  private Result lloyd(NativeKMeans kmeans, Reservoir sample) {
    RowBuffer buffer = new RowBuffer(batchRows(), features.width(), kmeans::lloydAdd);
    NativeKMeans.Report last = new NativeKMeans.Report(0, 0, Double.NaN, Double.NaN);
    int passes = 0;
    boolean settled = false;
    while (passes < config.lloydPasses() && !settled) {
      passes++;
      pass(Phase.LLOYD, passes, config.lloydPasses(), utterances, buffer::add);
      buffer.flush();
      last = kmeans.lloydEnd();
      settled = last.shift() <= config.tolerance() * Math.sqrt(last.inertia() / last.rows());
    }
    List<String> warnings = warnings(last, usage(kmeans, sample));
    warnings.forEach(warning -> LOG.log(System.Logger.Level.WARNING, warning));
    double distance = last.inertia() / last.rows();
    Codebook codebook =
        new Codebook(
            kmeans.centroids(), config.clusters(), features.stream(), describe(passes, distance));
    return new Result(codebook, last.rows(), distance, passes, warnings);
  }

  private int batchRows() {
    return (int) Math.min(config.batch(), frames);
  }

  private void pass(Phase phase, int pass, int passes, int[] order, Consumer<float[]> consumer) {
    long done = 0;
    for (int utterance : order) {
      float[] rows = features.read(utterance);
      Quantizer.requireFinite(rows, features.width(), features.utterances().get(utterance).id());
      consumer.accept(rows);
      done += rows.length / features.width();
      listener.progress(new Progress(phase, pass, passes, done, frames));
    }
  }

  private Usage usage(NativeKMeans kmeans, Reservoir sample) {
    Usage usage = new Usage(config.clusters());
    usage.add(kmeans.assign(sample.rows(), sample.count()));
    return usage;
  }

  // A codebook that hardly distinguishes anything still trains; it must be said, not found out a
  // day later.
  private List<String> warnings(NativeKMeans.Report last, Usage usage) {
    List<String> warnings = new ArrayList<>();
    if (last.emptyClusters() > 0) {
      warnings.add(
          ("%d of %d clusters got no frame in the last pass:"
                  + " there may be fewer distinct frames than clusters")
              .formatted(last.emptyClusters(), config.clusters()));
    }
    if (config.clusters() >= 10 && usage.perplexity() < config.clusters() / 10.0) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "the codebook collapsed: perplexity %.1f of %d clusters, the commonest holds %.0f %%"
                  + " of the frames; likely causes: silence, one feature far larger than the rest,"
                  + " too many clusters",
              usage.perplexity(),
              config.clusters(),
              100 * usage.commonestShare()));
    }
    return List.copyOf(warnings);
  }

  private Map<String, String> describe(int passes, double distance) {
    Map<String, String> fit = new LinkedHashMap<>();
    fit.put("method", "k-means++ start, mini-batches, Lloyd passes");
    fit.put("clusters", Integer.toString(config.clusters()));
    fit.put("seed", Long.toString(config.seed()));
    fit.put("batch", Integer.toString(config.batch()));
    fit.put("epochs", Integer.toString(config.epochs()));
    fit.put("sample", Integer.toString(config.sample()));
    fit.put("tolerance", Double.toString(config.tolerance()));
    fit.put("lloyd_passes", Integer.toString(passes));
    fit.put("utterances", Integer.toString(utterances.length));
    fit.put("frames", Long.toString(frames));
    fit.put("mean_squared_distance", Double.toString(distance));
    return fit;
  }
}
