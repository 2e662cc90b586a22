package org.duovox.model.match;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.duovox.internal.Device;
import org.duovox.internal.NativeModel;
import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeTensor;
import org.duovox.model.ModelConfig;
import org.duovox.model.ModelConfig.Precision;
import org.duovox.model.UnitIds;
import org.duovox.model.UnitModel;
import org.duovox.model.batch.BatchWriter;
import org.duovox.model.batch.Window;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;

/// A sample of utterances, evenly spread over a corpus, on which the cost of models is counted and
/// measured; 15 % of the tokens of each utterance have a loss.
final class CostSample {
  static final int UTTERANCES = 64;
  private static final double TARGETS = 0.15;

  private final Corpus utterances;

  CostSample(Corpus corpus) {
    int count = Math.min(UTTERANCES, corpus.size());
    this.utterances =
        corpus.select(IntStream.range(0, count).map(i -> (int) ((long) corpus.size() * i / count)));
  }

  int size() {
    return utterances.size();
  }

  /// Returns the trainable parameters of a shape or its operations per utterance, by arithmetic.
  double counted(ModelConfig config, Match by) {
    ModelCost cost = new ModelCost(config);
    if (by == Match.PARAMETERS) {
      return cost.parameters();
    }
    Corpus view = config.view(utterances);
    double all = 0;
    for (Window window : Window.cut(view, config)) {
      UnitUtterance utterance = view.utterance(window.utterance());
      all += cost.flops(window.positions(), window.phoneticUnits(utterance), targets(window));
    }
    return all / view.size();
  }

  /// Makes a model of a shape, counts its trainable parameters and measures its operations per
  /// utterance.
  MatchReport.Figures measured(ModelConfig config) {
    Corpus view = config.view(utterances);
    List<Window> windows = Window.cut(view, config);
    List<List<Window>> batches = new ArrayList<>();
    windows.forEach(window -> batches.add(List.of(window)));
    BatchWriter.Sizes sizes = BatchWriter.Sizes.of(view, batches);
    ModelConfig computing = config.with(draft -> draft.precision = Precision.FP32);
    try (NativeModel model = UnitModel.newNative(computing, Device.CPU);
        NativeRing ring =
            new NativeRing(1, sizes.rows(), sizes.tokens(), sizes.phoneticUnits(), Device.CPU)) {
      BatchWriter writer = new BatchWriter(UnitIds.of(config));
      double all = 0;
      for (List<Window> batch : batches) {
        NativeRing.Slot slot = ring.slots().getFirst();
        NativeRing.Shape shape = writer.write(slot, view, batch, window -> 0);
        for (int t = 1; t <= targets(batch.getFirst()); t++) {
          slot.targets().put(t, slot.contextual().get(t));
        }
        all += model.flops(ring, shape);
      }
      return MatchReport.Figures.of(config, trainable(model), all / view.size());
    }
  }

  private static long trainable(NativeModel model) {
    return model.parameters().stream()
        .filter(NativeTensor::trainable)
        .mapToLong(NativeTensor::elements)
        .sum();
  }

  private static int targets(Window window) {
    int tokens = window.to() - window.from();
    return Math.min(tokens, Math.max(1, (int) Math.rint(TARGETS * window.positions())));
  }
}
