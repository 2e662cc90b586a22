package org.duovox.slu;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.atomic.PendingDirectory;
import org.duovox.model.ModelFiles;
import org.duovox.model.UnitModel;
import org.duovox.slu.LayerProbe.Scaling;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;

/// Trains a classifier on a learned weighted sum of a frozen model's layers, and evaluates one.
///
/// Its folder is that of the model, with `probe.json` and `probe.safetensors` beside it.
public final class ProbeClassifier {
  /// What a training found.
  ///
  /// @param labels values of each label column
  /// @param layers numbers of the layers that are mixed
  /// @param shares weight of each
  /// @param accuracy share of training utterances with all columns right
  public record Fitted(
      int utterances,
      Map<String, List<String>> labels,
      List<Integer> layers,
      List<Double> shares,
      double accuracy) {}

  private ProbeClassifier() {}

  /// Returns whether a folder holds such a classifier.
  public static boolean isProbe(Path folder) {
    return ProbeFiles.isProbe(folder);
  }

  /// Returns the label columns of a classifier.
  public static Slots slots(Path folder) {
    return ProbeFiles.card(folder).slots();
  }

  /// Trains a classifier and writes its folder.
  ///
  /// @param pretrained folder of the model
  /// @param layerDone receives the number of layers whose states are computed
  /// @throws DuovoxException (BAD_DATA) when an utterance lacks a label, or a column has one value
  public static Fitted train(
      Path pretrained,
      Corpus training,
      Slots slots,
      ProbeConfig config,
      Device device,
      Path out,
      IntConsumer layerDone) {
    List<List<String>> gold = gold(training, slots);
    ProbeFit.requireClasses(slots, gold);
    try (UnitModel model = UnitModel.load(pretrained, device);
        PendingDirectory pending = AtomicFiles.createDirectory(out)) {
      PooledStates states = PooledStates.of(model, training, config, layerDone);
      LayerProbe probe = ProbeFit.fit(config, states, Scaling.of(states), slots, gold);
      List<Integer> layers = config.layersOf(model.config());
      ModelFiles.write(model, pending.path());
      ProbeFiles.write(probe, config, layers, training.size(), pending.path());
      pending.commit();
      long right = 0;
      for (int i = 0; i < states.size(); i++) {
        right += probe.isRight(gold.get(i), states.values()[i]) ? 1 : 0;
      }
      return new Fitted(
          training.size(),
          labels(probe),
          layers,
          Arrays.stream(probe.shares()).boxed().toList(),
          (double) right / states.size());
    }
  }

  /// Returns the answer for every utterance of a corpus, in its order.
  ///
  /// @throws DuovoxException (BAD_DATA) when an utterance breaks the rule for its labels, or the
  ///   units are of other codebooks
  public static List<Answer> evaluate(
      Path folder, Corpus corpus, Gold rule, Device device, IntConsumer layerDone) {
    ProbeFiles.Card card = ProbeFiles.card(folder);
    LayerProbe probe = ProbeFiles.read(folder, card);
    List<List<String>> gold = rule == Gold.NONE ? null : gold(corpus, card.slots());
    if (rule == Gold.KNOWN) {
      requireKnown(corpus, probe);
    }
    try (UnitModel model = UnitModel.load(folder, device)) {
      PooledStates states = PooledStates.of(model, corpus, card.probe(), layerDone);
      if (states.layers() != probe.layers() || states.width() != probe.width()) {
        throw DuovoxException.badData(
            "%s: the probe is of another model than the one beside it".formatted(folder));
      }
      List<Answer> answers = new ArrayList<>();
      for (int i = 0; i < corpus.size(); i++) {
        answers.add(
            probe.answer(
                corpus.utterance(i).id(), gold == null ? null : gold.get(i), states.values()[i]));
      }
      return answers;
    }
  }

  private static Map<String, List<String>> labels(LayerProbe probe) {
    Map<String, List<String>> labels = new LinkedHashMap<>();
    probe.heads().forEach(head -> labels.put(head.field(), head.labels()));
    return labels;
  }

  /// Returns the value of each column of each utterance.
  static List<List<String>> gold(Corpus corpus, Slots slots) {
    return corpus.utterances().stream().map(slots::valuesOf).toList();
  }

  private static void requireKnown(Corpus corpus, LayerProbe probe) {
    for (int k = 0; k < probe.heads().size(); k++) {
      IntentData column =
          new IntentData(probe.heads().get(k).field(), probe.heads().get(k).labels());
      for (UnitUtterance utterance : corpus.utterances()) {
        column.label(utterance);
      }
    }
  }
}
