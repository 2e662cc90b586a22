package org.duovox.slu;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// A linear classifier on a learned weighted sum of a frozen model's layers, with one output for
/// each label column, as the SUPERB benchmark reads representations.
///
/// Each value of each layer is standardized by its mean and deviation over the training utterances;
/// the layers are mixed with the softmax of learned weights, one for each layer; each column has a
/// linear map from the mixture to the scores of its values.
final class LayerProbe {
  /// The linear map of one label column.
  ///
  /// @param field name of the column
  /// @param labels its values, sorted
  /// @param weights (labels, width)
  /// @param bias (labels)
  @SuppressWarnings("ArrayRecordComponent") // Parameters, which a fit changes in place.
  record Head(String field, List<String> labels, float[] weights, float[] bias) {}

  /// What standardizes states.
  ///
  /// @param mean (layers, width)
  /// @param scale (layers, width) 1 / deviation; 0 for a value that never changes
  @SuppressWarnings("ArrayRecordComponent") // Large, and never changed.
  record Scaling(float[] mean, float[] scale) {
    static Scaling of(PooledStates states) {
      int size = states.layers() * states.width();
      double[] sum = new double[size];
      double[] squares = new double[size];
      for (float[] row : states.values()) {
        for (int i = 0; i < size; i++) {
          sum[i] += row[i];
          squares[i] += (double) row[i] * row[i];
        }
      }
      float[] mean = new float[size];
      float[] scale = new float[size];
      for (int i = 0; i < size; i++) {
        double m = sum[i] / states.size();
        double variance = squares[i] / states.size() - m * m;
        mean[i] = (float) m;
        // What is left of a constant by rounding is not a deviation.
        scale[i] = variance > 1e-10 * (1 + m * m) ? (float) (1 / Math.sqrt(variance)) : 0;
      }
      return new Scaling(mean, scale);
    }

    /// Writes the standardized states of an utterance.
    void apply(float[] row, float[] into) {
      for (int i = 0; i < row.length; i++) {
        into[i] = (row[i] - mean[i]) * scale[i];
      }
    }
  }

  private final int layers;
  private final int width;
  private final Scaling scaling;
  private final float[] mixture;
  private final List<Head> heads;

  /// @param mixture (layers) whose softmax weighs the layers
  LayerProbe(int layers, int width, Scaling scaling, float[] mixture, List<Head> heads) {
    this.layers = layers;
    this.width = width;
    this.scaling = scaling;
    this.mixture = mixture;
    this.heads = List.copyOf(heads);
  }

  int layers() {
    return layers;
  }

  int width() {
    return width;
  }

  Scaling scaling() {
    return scaling;
  }

  float[] mixture() {
    return mixture;
  }

  List<Head> heads() {
    return heads;
  }

  /// Returns the weight of each layer; their sum is 1.
  double[] shares() {
    return softmax(IntStream.range(0, layers).mapToDouble(l -> mixture[l]).toArray());
  }

  /// Returns the scores of each head for an utterance, up to a constant.
  ///
  /// @param row its pooled states, (layers, width)
  double[][] scores(float[] row) {
    float[] standard = new float[layers * width];
    scaling.apply(row, standard);
    float[] mixed = mixed(standard, shares());
    double[][] scores = new double[heads.size()][];
    Arrays.setAll(scores, k -> scores(heads.get(k), mixed));
    return scores;
  }

  /// Returns the answer for an utterance.
  ///
  /// @param gold its value in each column; null for an utterance without labels
  Answer answer(String id, List<String> gold, float[] row) {
    double[][] scores = scores(row);
    return new Answer(
        id,
        IntStream.range(0, heads.size())
            .mapToObj(k -> {
              Head head = heads.get(k);
              Map<String, Double> byLabel = new LinkedHashMap<>();
              for (int c = 0; c < head.labels().size(); c++) {
                byLabel.put(head.labels().get(c), scores[k][c]);
              }
              return Answer.Slot.of(head.field(), gold == null ? null : gold.get(k), byLabel);
            })
            .toList());
  }

  /// Returns whether all columns of an utterance are predicted right.
  ///
  /// @param gold its value in each column
  boolean isRight(List<String> gold, float[] row) {
    double[][] scores = scores(row);
    for (int k = 0; k < heads.size(); k++) {
      double most = Arrays.stream(scores[k]).max().orElseThrow();
      int best = 0;
      while (scores[k][best] != most) {
        best++;
      }
      if (!heads.get(k).labels().get(best).equals(gold.get(k))) {
        return false;
      }
    }
    return true;
  }

  /// Returns the weighted sum of the layers.
  float[] mixed(float[] standard, double[] shares) {
    float[] mixed = new float[width];
    for (int l = 0; l < layers; l++) {
      float share = (float) shares[l];
      for (int d = 0; d < width; d++) {
        mixed[d] += share * standard[l * width + d];
      }
    }
    return mixed;
  }

  static double[] scores(Head head, float[] mixed) {
    double[] scores = new double[head.bias().length];
    for (int c = 0; c < scores.length; c++) {
      double sum = head.bias()[c];
      for (int d = 0; d < mixed.length; d++) {
        sum += head.weights()[c * mixed.length + d] * mixed[d];
      }
      scores[c] = sum;
    }
    return scores;
  }

  static double[] softmax(double[] scores) {
    double most = Arrays.stream(scores).max().orElseThrow();
    double[] shares = Arrays.stream(scores).map(s -> StrictMath.exp(s - most)).toArray();
    double total = Arrays.stream(shares).sum();
    return Arrays.stream(shares).map(share -> share / total).toArray();
  }
}
