package org.duovox.units.kmeans;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeKMeans;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsWriter;
import org.duovox.units.CodebookMetadata;
import org.duovox.units.FeatureLayer;
import org.duovox.units.JointCodes;
import org.duovox.units.SplitMix;
import org.duovox.units.StagedCentroids;
import org.duovox.units.StagedCentroids.Kind;
import org.duovox.units.StreamInfo;
import org.duovox.units.UnitDiagnostics;
import org.duovox.units.UtteranceInfo;

/// Fits residual k-means (each level on the residuals of the levels before) or product k-means
/// (each group of columns by itself), stage by stage with the settings of a plain fit.
public final class StagedFit {
  /// The fitted stages.
  ///
  /// @param meanSquaredDistance between frames and the vectors of their codes
  /// @param passes full passes of all stages
  public record Result(
      StagedCentroids centroids,
      StreamInfo stream,
      Map<String, String> fit,
      long rows,
      double meanSquaredDistance,
      int passes,
      UnitDiagnostics diagnostics,
      List<String> warnings) {

    /// The quantizer with these centroids; its units are the combinations that occur.
    public UnitQuantizer quantizer() {
      return new UnitQuantizer.Staged(centroids, stream, null);
    }

    /// Writes the file that `quantize` reads; equal centroids give equal bytes.
    public void write(Path file) {
      Map<String, String> metadata = CodebookMetadata.of(stream, fit);
      metadata.put("format", "duovox-codebook");
      metadata.put("version", "1");
      try (SafetensorsWriter writer = Safetensors.create(file, metadata)) {
        centroids.write(writer);
        writer.commit();
      }
    }
  }

  private final FeatureLayer features;
  private final KMeansConfig config;
  private final Predicate<UtteranceInfo> subset;
  private final KMeansListener listener;
  private final List<KMeansFit.Result> fitted = new ArrayList<>();

  private StagedFit(
      FeatureLayer features,
      KMeansConfig config,
      Predicate<UtteranceInfo> subset,
      KMeansListener listener) {
    this.features = features;
    this.config = config;
    this.subset = subset;
    this.listener = listener;
  }

  /// Fits `stages` levels or groups of `config.clusters()` each.
  public static Result fit(
      FeatureLayer features,
      KMeansConfig config,
      Kind kind,
      int stages,
      Predicate<UtteranceInfo> subset,
      KMeansListener listener) {
    if (stages < 1 || stages > 64) {
      throw DuovoxException.config("levels or groups must be 1 to 64, but is " + stages);
    }
    JointCodes.requireRange(config.clusters(), stages);
    StagedFit run = new StagedFit(features, config, subset, listener);
    if (kind == Kind.RESIDUAL) {
      run.levels(stages);
    } else {
      run.groups(stages);
    }
    return run.result(kind);
  }

  private void groups(int groups) {
    if (features.width() % groups != 0) {
      throw DuovoxException.config(
          "%d groups do not divide the %d values of a frame evenly"
              .formatted(groups, features.width()));
    }
    int width = features.width() / groups;
    for (int g = 0; g < groups; g++) {
      fitted.add(
          KMeansFit.fit(new Columns(features, g * width, width), stage(g), subset, listener));
    }
  }

  private void levels(int levels) {
    List<NativeKMeans> before = new ArrayList<>();
    List<float[]> centers = new ArrayList<>();
    try {
      for (int l = 0; l < levels; l++) {
        KMeansFit.Result result =
            KMeansFit.fit(
                features,
                stage(l),
                subset,
                listener,
                (rows, count) -> {
                  for (int b = 0; b < before.size(); b++) {
                    int[] codes = before.get(b).assign(rows, count);
                    StagedCoder.subtract(rows, codes, centers.get(b));
                  }
                });
        fitted.add(result);
        NativeKMeans level = new NativeKMeans(config.clusters(), features.width(), 0);
        before.add(level);
        centers.add(result.codebook().centroids());
        level.setCentroids(centers.get(l));
      }
    } finally {
      before.forEach(NativeKMeans::close);
    }
  }

  private KMeansConfig stage(int stage) {
    return stage == 0 ? config : config.withSeed(SplitMix.of(config.seed(), 5, stage).nextLong());
  }

  static String method(Kind kind) {
    return kind == Kind.RESIDUAL ? "residual k-means" : "product k-means";
  }

  private Result result(Kind kind) {
    float[][] centers =
        fitted.stream().map(result -> result.codebook().centroids()).toArray(float[][]::new);
    StagedCentroids centroids = new StagedCentroids(kind, centers, config.clusters());
    double distance =
        kind == Kind.RESIDUAL
            ? fitted.getLast().meanSquaredDistance()
            : fitted.stream().mapToDouble(KMeansFit.Result::meanSquaredDistance).sum();
    Map<String, String> fit = new LinkedHashMap<>(fitted.getFirst().codebook().fit());
    fit.put("method", method(kind));
    fit.put("stages", Integer.toString(fitted.size()));
    fit.put("mean_squared_distance", Double.toString(distance));
    UnitQuantizer quantizer = new UnitQuantizer.Staged(centroids, features.stream(), null);
    int[] chosen = config.drawShare(features, features.select(subset));
    FitDiagnosis diagnosis =
        FitDiagnosis.of(
            features,
            quantizer,
            config.shuffled(chosen),
            new FrameStatistics(features.width()),
            (rows, count) -> {});
    return new Result(
        centroids,
        features.stream(),
        fit,
        fitted.getFirst().rows(),
        distance,
        fitted.stream().mapToInt(KMeansFit.Result::passes).sum(),
        diagnosis.units(),
        fitted.stream().flatMap(result -> result.warnings().stream()).distinct().toList());
  }

  /// A range of the columns of other features.
  private static final class Columns implements FeatureLayer {
    private final FeatureLayer features;
    private final int first;
    private final int width;

    /// `width` columns from `first` on.
    Columns(FeatureLayer features, int first, int width) {
      this.features = features;
      this.first = first;
      this.width = width;
    }

    @Override
    public StreamInfo stream() {
      return features.stream();
    }

    @Override
    public double batchSeconds() {
      return features.batchSeconds();
    }

    @Override
    public int width() {
      return width;
    }

    @Override
    public List<UtteranceInfo> utterances() {
      return features.utterances();
    }

    @Override
    public float[] read(int utterance) {
      int frames = features.utterances().get(utterance).frames();
      ByteBuffer bytes = buffer(frames, width);
      read(utterance, 0, frames, bytes);
      float[] values = new float[frames * width];
      bytes.flip().asFloatBuffer().get(values);
      return values;
    }

    @Override
    public void read(int utterance, int begin, int count, ByteBuffer target) {
      ByteBuffer all = buffer(count, features.width());
      features.read(utterance, begin, count, all);
      StagedCoder.copyColumns(
          all.flip().asFloatBuffer(), features.width(), first, target.asFloatBuffer(), width);
      target.position(target.position() + count * width * Float.BYTES);
    }

    private static ByteBuffer buffer(int rows, int width) {
      int bytes = Math.multiplyExact(Math.multiplyExact(rows, width), Float.BYTES);
      return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
