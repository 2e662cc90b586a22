package org.duovox.slu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.duovox.internal.NativeRing;
import org.duovox.model.UnitModel;
import org.duovox.model.batch.BatchWriter;
import org.duovox.model.batch.Window;
import org.duovox.train.data.BatchPlan;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;

/// Predicts the classes of utterances with a model. An utterance of several windows gets the mean
/// of their log-probabilities.
final class Predictor {
  private static final int BATCH = 32;

  private final UnitModel model;
  private final IntentData data;

  Predictor(UnitModel model, IntentData data) {
    this.model = model;
    this.data = data;
  }

  /// Returns one prediction per utterance, in corpus order.
  ///
  /// @param view the corpus as the model reads it
  ///
  /// @param gold how its utterances are labeled
  List<Prediction> predict(Corpus view, Gold gold) {
    // Refuses an utterance without a label before the work.
    List<String> truth = view.utterances().stream().map(u -> gold.of(u, data)).toList();
    List<Window> windows = Window.cut(view, model.config());
    List<List<Window>> batches = new BatchPlan(windows, BATCH, 0, 0).inOrder();
    double[][] sums = new double[view.size()][data.labels().size()];
    int[] counts = new int[view.size()];
    BatchWriter.Sizes sizes = BatchWriter.Sizes.of(view, batches);
    try (NativeRing ring =
        new NativeRing(
            1, sizes.rows(), sizes.tokens(), sizes.phoneticUnits(), model.nativeModel().device())) {
      BatchWriter writer = new BatchWriter(model.ids());
      for (List<Window> batch : batches) {
        NativeRing.Shape shape = writer.write(ring.slots().getFirst(), view, batch, window -> 0);
        float[] logits = model.nativeModel().classify(ring, shape);
        for (int row = 0; row < batch.size(); row++) {
          int utterance = batch.get(row).utterance();
          addLogProbabilities(logits, row, sums[utterance]);
          counts[utterance]++;
        }
      }
    }
    return predictions(view, truth, sums, counts);
  }

  private List<Prediction> predictions(
      Corpus view, List<String> truth, double[][] sums, int[] counts) {
    List<Prediction> predictions = new ArrayList<>(view.size());
    for (int i = 0; i < view.size(); i++) {
      UnitUtterance utterance = view.utterance(i);
      int windows = counts[i];
      List<Double> scores = DoubleStream.of(sums[i]).map(sum -> sum / windows).boxed().toList();
      predictions.add(
          new Prediction(utterance.id(), truth.get(i), data.labels().get(best(sums[i])), scores));
    }
    return predictions;
  }

  private static void addLogProbabilities(float[] logits, int row, double[] sums) {
    int classes = sums.length;
    double most = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      most = Math.max(most, logits[row * classes + c]);
    }
    double total = 0;
    for (int c = 0; c < classes; c++) {
      total += Math.exp(logits[row * classes + c] - most);
    }
    double logTotal = most + Math.log(total);
    for (int c = 0; c < classes; c++) {
      sums[c] += logits[row * classes + c] - logTotal;
    }
  }

  private static int best(double[] scores) {
    double most = Arrays.stream(scores).max().orElseThrow();
    int index = 0;
    while (scores[index] != most) {
      index++;
    }
    return index;
  }
}
