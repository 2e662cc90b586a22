package org.duovox.slu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.slu.LayerProbe.Head;
import org.duovox.slu.LayerProbe.Scaling;
import org.duovox.units.SplitMix;

/// Fits a [LayerProbe] by AdamW: cross-entropy of all columns together, over the weights of the
/// layers and the linear maps. All parameters begin at 0, so that every layer begins with the same
/// weight.
///
/// The same states, labels and seed give the same bits on every machine.
final class ProbeFit {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final ProbeConfig config;
  private final PooledStates states;
  private final LayerProbe probe;
  private final int[][] labels;
  private final double[][] classWeights;
  private final List<Adam> optimizers = new ArrayList<>();
  private final float[] standard;

  private ProbeFit(
      ProbeConfig config,
      PooledStates states,
      Scaling scaling,
      Slots slots,
      List<List<String>> gold) {
    this.config = config;
    this.states = states;
    this.labels = new int[slots.fields().size()][];
    this.classWeights = new double[labels.length][];
    List<Head> heads = new ArrayList<>();
    for (int k = 0; k < labels.length; k++) {
      int column = k;
      List<String> values = values(slots.fields().get(k), gold, k);
      labels[k] = gold.stream().mapToInt(row -> values.indexOf(row.get(column))).toArray();
      classWeights[k] = classWeights(labels[k], values.size(), config.balance());
      heads.add(
          new Head(
              slots.fields().get(k),
              values,
              new float[values.size() * states.width()],
              new float[values.size()]));
    }
    float[] mixture = new float[states.layers()];
    this.probe = new LayerProbe(states.layers(), states.width(), scaling, mixture, heads);
    this.standard = new float[states.layers() * states.width()];
    optimizers.add(new Adam(mixture, 0));
    heads.forEach(head -> optimizers.add(new Adam(head.weights(), config.weightDecay())));
    heads.forEach(head -> optimizers.add(new Adam(head.bias(), 0)));
  }

  /// Fits a probe.
  ///
  /// @param states of the training utterances
  /// @param scaling of the states
  /// @param gold the value in each column of each training utterance
  /// @throws DuovoxException (BAD_DATA) when a column has fewer than two values
  static LayerProbe fit(
      ProbeConfig config,
      PooledStates states,
      Scaling scaling,
      Slots slots,
      List<List<String>> gold) {
    ProbeFit fit = new ProbeFit(config, states, scaling, slots, gold);
    fit.run();
    return fit.probe;
  }

  /// Refuses columns with fewer than two values, before states are computed.
  ///
  /// @throws DuovoxException (BAD_DATA) that names the column
  static void requireClasses(Slots slots, List<List<String>> gold) {
    for (int k = 0; k < slots.fields().size(); k++) {
      values(slots.fields().get(k), gold, k);
    }
  }

  private static List<String> values(String field, List<List<String>> gold, int column) {
    TreeSet<String> values = new TreeSet<>();
    gold.forEach(row -> values.add(row.get(column)));
    if (values.size() < 2) {
      throw DuovoxException.badData(
          "the %d training utterances have %d value(s) of '%s'; a classifier needs at least two"
              .formatted(gold.size(), values.size(), field));
    }
    return List.copyOf(values);
  }

  /// Returns the weight of each class in the loss; their mean over the utterances is 1.
  private static double[] classWeights(int[] labels, int classes, boolean balance) {
    double[] weights = new double[classes];
    Arrays.fill(weights, 1);
    if (balance) {
      int[] counts = new int[classes];
      Arrays.stream(labels).forEach(label -> counts[label]++);
      Arrays.setAll(weights, c -> (double) labels.length / (classes * (double) counts[c]));
    }
    return weights;
  }

  private void run() {
    int batch = Math.min(config.batchSize(), states.size());
    int perEpoch = Math.ceilDiv(states.size(), batch);
    int steps =
        (int)
            Math.min(
                Integer.MAX_VALUE, Math.max((long) config.epochs() * perEpoch, config.minSteps()));
    int[] order = IntStream.range(0, states.size()).toArray();
    for (int step = 0; step < steps; step++) {
      int at = step % perEpoch;
      if (at == 0) {
        SplitMix.of(config.seed(), step / perEpoch).shuffle(order, order.length);
      }
      int to = Math.min(states.size(), (at + 1) * batch);
      double rate = config.learningRate() * (steps - step) / steps;
      step(Arrays.copyOfRange(order, at * batch, to), step + 1, rate);
    }
  }

  private void step(int[] batch, int step, double rate) {
    double[] shares = probe.shares();
    for (int index : batch) {
      probe.scaling().apply(states.values()[index], standard);
      addGradients(index, probe.mixed(standard, shares), shares, 1.0 / batch.length);
    }
    optimizers.forEach(optimizer -> optimizer.step(step, rate));
  }

  /// Adds the gradients of one utterance's loss.
  private void addGradients(int index, float[] mixed, double[] shares, double weight) {
    int width = mixed.length;
    double[] byMixed = new double[width];
    int heads = probe.heads().size();
    for (int k = 0; k < heads; k++) {
      Head head = probe.heads().get(k);
      int label = labels[k][index];
      double[] error = LayerProbe.softmax(LayerProbe.scores(head, mixed));
      error[label] -= 1;
      float[] byWeights = optimizers.get(1 + k).gradient;
      float[] byBias = optimizers.get(1 + heads + k).gradient;
      for (int c = 0; c < error.length; c++) {
        float e = (float) (error[c] * weight * classWeights[k][label]);
        byBias[c] += e;
        for (int d = 0; d < width; d++) {
          byWeights[c * width + d] += e * mixed[d];
          byMixed[d] += e * head.weights()[c * width + d];
        }
      }
    }
    addMixtureGradient(byMixed, shares);
  }

  /// Adds the gradient by the weights of the layers: that of a softmax.
  private void addMixtureGradient(double[] byMixed, double[] shares) {
    double[] byShare = new double[shares.length];
    double mean = 0;
    for (int l = 0; l < shares.length; l++) {
      for (int d = 0; d < byMixed.length; d++) {
        byShare[l] += byMixed[d] * standard[l * byMixed.length + d];
      }
      mean += shares[l] * byShare[l];
    }
    for (int l = 0; l < shares.length; l++) {
      optimizers.getFirst().gradient[l] += (float) (shares[l] * (byShare[l] - mean));
    }
  }

  /// AdamW on one array of parameters.
  private static final class Adam {
    private final float[] values;
    private final double decay;
    private final float[] gradient;
    private final float[] mean;
    private final float[] square;

    Adam(float[] values, double decay) {
      this.values = values;
      this.decay = decay;
      this.gradient = new float[values.length];
      this.mean = new float[values.length];
      this.square = new float[values.length];
    }

    /// Updates the parameters and clears the gradient.
    void step(int step, double rate) {
      double first = 1 - StrictMath.pow(BETA1, step);
      double second = 1 - StrictMath.pow(BETA2, step);
      for (int i = 0; i < values.length; i++) {
        mean[i] = (float) (BETA1 * mean[i] + (1 - BETA1) * gradient[i]);
        square[i] = (float) (BETA2 * square[i] + (1 - BETA2) * gradient[i] * gradient[i]);
        double move = mean[i] / first / (Math.sqrt(square[i] / second) + EPSILON);
        values[i] -= (float) (rate * (move + decay * values[i]));
        gradient[i] = 0;
      }
    }
  }
}
