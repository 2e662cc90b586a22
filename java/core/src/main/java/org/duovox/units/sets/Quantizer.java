package org.duovox.units.sets;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeKMeans;
import org.duovox.io.ArraySize;
import org.duovox.units.Codebook;
import org.duovox.units.FeatureLayer;
import org.duovox.units.JointCodes;
import org.duovox.units.StagedCentroids;
import org.duovox.units.StreamInfo;
import org.duovox.units.UtteranceInfo;
import org.duovox.units.kmeans.Coder;
import org.duovox.units.kmeans.Collapse;
import org.duovox.units.kmeans.FrameStatistics;
import org.duovox.units.kmeans.UnitQuantizer;
import org.duovox.units.kmeans.UtteranceCodes;

/// Quantizes features into a unit set: every frame becomes a unit.
///
/// Where a frame has several codes (joint units), a first pass finds the combinations that occur,
/// unless a given codebook fixes them.
public final class Quantizer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Quantizer.class.getName());

  private final FeatureLayer features;
  private final UnitQuantizer quantizer;
  private final UtteranceCodes codes;
  private final int[] utterances; // All of the features.
  private final int[] vocabularyUtterances; // Their combinations make the vocabulary.
  private NativeKMeans nearest; // Over the rows of a joint codebook; null until it is needed.
  private long replaced; // Frames whose combination the vocabulary lacks.

  private Quantizer(
      FeatureLayer features, UnitQuantizer quantizer, Predicate<UtteranceInfo> subset) {
    this.vocabularyUtterances = features.select(subset);
    this.features = features;
    this.quantizer = quantizer;
    this.codes = new UtteranceCodes(features, quantizer, (rows, count) -> {});
    this.utterances = IntStream.range(0, features.utterances().size()).toArray();
  }

  /// Quantizes all utterances into a unit set at `target`.
  ///
  /// @param done receives the number of finished utterances
  /// @throws DuovoxException (BAD_DATA) when the codebook was fitted on other features
  public static UnitSet quantize(
      FeatureLayer features, UnitQuantizer quantizer, Path target, IntConsumer done) {
    return quantize(features, quantizer, utterance -> true, target, done);
  }

  /// The same with a joint vocabulary of the combinations that occur in the utterances of `subset`,
  /// e.g. those of the training speakers; other combinations take the nearest one of it.
  public static UnitSet quantize(
      FeatureLayer features,
      UnitQuantizer quantizer,
      Predicate<UtteranceInfo> subset,
      Path target,
      IntConsumer done) {
    requireFit(features, quantizer);
    try (Quantizer run = new Quantizer(features, quantizer, subset)) {
      run.run(target, done);
    }
    return UnitSet.open(target);
  }

  /// The same with a codebook in memory.
  public static UnitSet quantize(
      FeatureLayer features, Codebook codebook, Path target, IntConsumer done) {
    return quantize(features, UnitQuantizer.of(codebook), target, done);
  }

  private void run(Path target, IntConsumer done) {
    Codebook codebook = codebook();
    List<UtteranceInfo> infos = features.utterances();
    try (UnitSetWriter writer =
        new UnitSetWriter(target, features.stream(), codebook).inBatches(features.batchSeconds())) {
      codes.forEach(
          utterances,
          (u, combination) -> {
            UtteranceInfo utterance = infos.get(u);
            int[] units = units(combination, codebook);
            writer.add(utterance, units);
            done.accept(u + 1);
          });
      boolean vectors = !(quantizer instanceof UnitQuantizer.Codes);
      FrameStatistics frames = vectors ? codes.statistics() : new FrameStatistics(1);
      Collapse.warnings(writer.diagnostics(), frames)
          .forEach(warning -> LOG.log(System.Logger.Level.WARNING, warning));
      if (replaced > 0) {
        LOG.log(
            System.Logger.Level.WARNING,
            "{0} frames have combinations of codes that the codebook lacks; they became its nearest"
                + " ones",
            replaced);
      }
      writer.commit();
    }
  }

  private Codebook codebook() {
    Coder coder = codes.coder();
    if (quantizer.vocabulary() != null) {
      return quantizer.vocabulary();
    }
    JointCodes joint = coder.groups() == 1 ? alphabet(coder) : occurring(coder);
    float[] rows = new float[ArraySize.of("the joint codebook", joint.size(), coder.width())];
    int[] combinations = joint.codes();
    for (int unit = 0; unit < joint.size(); unit++) {
      coder.decode(combinations, unit * coder.groups(), rows, unit * coder.width());
    }
    StagedCentroids stages = quantizer instanceof UnitQuantizer.Staged s ? s.stages() : null;
    boolean single = coder.groups() == 1 && stages == null;
    Map<String, String> fit = Map.of("method", stages == null ? "codes" : method(stages));
    return new Codebook(rows, joint.size(), features.stream(), fit, single ? null : joint, stages);
  }

  private static String method(StagedCentroids stages) {
    return stages.kind() == StagedCentroids.Kind.RESIDUAL ? "residual k-means" : "product k-means";
  }

  /// Single codes keep their numbers, whether they occur or not.
  private static JointCodes alphabet(Coder coder) {
    return new JointCodes(IntStream.range(0, coder.radix()).toArray(), 1);
  }

  private JointCodes occurring(Coder coder) {
    JointCodes.requireRange(coder.radix(), coder.groups());
    Set<Long> keys = new HashSet<>();
    codes.forEach(
        vocabularyUtterances,
        (utterance, combination) -> {
          for (int from = 0; from < combination.length; from += coder.groups()) {
            keys.add(JointCodes.key(combination, from, coder.groups(), coder.radix()));
          }
          if (keys.size() > JointCodes.MAX_UNITS) {
            throw DuovoxException.badData(
                "more than %d combinations of codes occur; use fewer clusters, levels or groups"
                    .formatted(JointCodes.MAX_UNITS));
          }
        });
    if (keys.isEmpty()) {
      throw DuovoxException.badData("there is no frame to quantize; the unit set would be empty");
    }
    return JointCodes.of(keys, coder.groups(), coder.radix());
  }

  private int[] units(int[] combination, Codebook codebook) {
    if (codebook.joint().isEmpty()) {
      return combination;
    }
    JointCodes joint = codebook.joint().get();
    int[] units = new int[combination.length / joint.groups()];
    for (int i = 0; i < units.length; i++) {
      int unit = joint.unit(combination, i * joint.groups());
      units[i] = unit >= 0 ? unit : nearest(combination, i * joint.groups(), codebook);
    }
    return units;
  }

  private int nearest(int[] combination, int from, Codebook codebook) {
    if (nearest == null) {
      nearest = new NativeKMeans(codebook.clusters(), codebook.width(), 0);
      nearest.setCentroids(codebook.centroids());
    }
    replaced++;
    float[] vector = new float[codebook.width()];
    codes.coder().decode(combination, from, vector, 0);
    return nearest.assign(vector)[0];
  }

  private static void requireFit(FeatureLayer features, UnitQuantizer quantizer) {
    requireShape(features, quantizer);
    requireSameOrigin(quantizer.origin(features), features.stream());
  }

  /// Refuses a codebook that was fitted on other features, and warns where that cannot be told.
  ///
  /// @param origin of the features that the codebook was fitted on
  static void requireSameOrigin(StreamInfo origin, StreamInfo features) {
    String layer = features.layer();
    if (!origin.hasOrigin()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the codebook for layer %s does not say which features it was fitted on; it is used unchecked"
              .formatted(layer));
      return;
    }
    if (features.isImported() || origin.isImported()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "features or codebook of layer %s were imported: their encoder's weights cannot be compared"
              .formatted(layer));
    }
    String difference = origin.difference(features);
    if (!difference.isEmpty()) {
      throw DuovoxException.badData(
          "the codebook for layer %s was fitted on other features than these: %s; fit one on these features"
              .formatted(layer, difference));
    }
  }

  private static void requireShape(FeatureLayer features, UnitQuantizer quantizer) {
    int width =
        switch (quantizer) {
          case UnitQuantizer.Plain plain -> plain.codebook().width();
          case UnitQuantizer.Staged staged -> staged.stages().width();
          case UnitQuantizer.Codes codes -> codes.vectors().groups();
        };
    if (width != features.width()) {
      throw DuovoxException.badData(
          "the codebook has vectors of %d values, the features %d; fit one on these features"
              .formatted(width, features.width()));
    }
    Codebook given = quantizer.vocabulary();
    if (quantizer instanceof UnitQuantizer.Codes codes && given != null) {
      int groups = given.joint().map(JointCodes::groups).orElse(1);
      int wanted = codes.vectors().groups() * codes.vectors().width();
      boolean sameCodes = groups > 1 || given.clusters() == codes.vectors().codes();
      if (groups != codes.vectors().groups() || given.width() != wanted || !sameCodes) {
        throw DuovoxException.badData(
            ("the codebook has %d units of %d groups and %d values; the layer holds %d groups of %d"
                    + " codes with %d values in all: quantize without --codebook")
                .formatted(
                    given.clusters(),
                    groups,
                    given.width(),
                    codes.vectors().groups(),
                    codes.vectors().codes(),
                    wanted));
      }
    }
  }

  @Override
  public void close() {
    codes.close();
    if (nearest != null) {
      nearest.close();
    }
  }
}
