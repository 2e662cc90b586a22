package org.duovox.slu;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.duovox.internal.Device;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.model.UnitModel;
import org.duovox.slu.LayerProbe.Scaling;
import org.duovox.train.TrainHost;
import org.duovox.train.log.TrainControl;
import org.duovox.train.log.TrainListener;
import org.duovox.train.memory.MemoryBudget;
import org.duovox.train.run.RunFolder;
import org.duovox.units.corpus.Corpus;

/// Trains classifiers on a few of the training utterances, each from the same model, and tests
/// them.
interface FewShotLearner {
  /// Returns (test utterances) 1 for each utterance with all columns right, else 0.
  ///
  /// @param few indices of training utterances, at least one of each class
  double[] hits(int[] few);

  /// Fits probes on the states of a frozen model, which are computed once.
  final class OfProbes implements FewShotLearner {
    private final ProbeConfig config;
    private final Slots slots;
    private final PooledStates seen;
    private final PooledStates tested;
    private final Scaling scaling;
    private final List<List<String>> trainingGold;
    private final List<List<String>> testGold;

    OfProbes(UnitModel model, ProbeConfig config, Slots slots, Corpus training, Corpus test) {
      this.config = config;
      this.slots = slots;
      this.seen = PooledStates.of(model, training, config, layer -> {});
      this.tested = PooledStates.of(model, test, config, layer -> {});
      this.scaling = Scaling.of(seen);
      this.trainingGold = ProbeClassifier.gold(training, slots);
      this.testGold = ProbeClassifier.gold(test, slots);
    }

    @Override
    public double[] hits(int[] few) {
      List<List<String>> gold = Arrays.stream(few).mapToObj(trainingGold::get).toList();
      LayerProbe probe = ProbeFit.fit(config, seen.select(few), scaling, slots, gold);
      return IntStream.range(0, testGold.size())
          .mapToDouble(i -> probe.isRight(testGold.get(i), tested.values()[i]) ? 1 : 0)
          .toArray();
    }
  }

  /// Fine-tunes the whole model, in a folder that is removed afterwards.
  final class OfModels implements FewShotLearner {
    // Few examples make few steps in an epoch.
    private static final long LEAST_STEPS = 200;

    private final Path model;
    private final SluConfig config;
    private final Slots slots;
    private final Corpus training;
    private final Corpus test;
    private final Device device;
    private final Path run;

    /// @param model folder of the model
    /// @param run folder that is free
    OfModels(
        Path model,
        SluConfig config,
        Slots slots,
        Corpus training,
        Corpus test,
        Device device,
        Path run) {
      this.model = model;
      this.config = config;
      this.slots = slots;
      this.training = training;
      this.test = test;
      this.device = device;
      this.run = run;
    }

    @Override
    public double[] hits(int[] few) {
      TrainHost host =
          new TrainHost(device, new MemoryBudget(), new TrainControl(), TrainListener.NONE);
      try (RunFolder folder = RunFolder.open(run, false)) {
        IntentClassifier.train(
            model,
            training.select(IntStream.of(few)),
            slots.field(),
            config.with(draft -> draft.steps = steps(few.length)),
            folder,
            host);
      }
      // A combination that the examples lack is wrong.
      double[] hits =
          IntentClassifier.evaluate(run, test, Gold.UNSEEN_IS_WRONG, device).stream()
              .mapToDouble(answer -> answer.correct() ? 1 : 0)
              .toArray();
      AtomicFiles.discard(run);
      return hits;
    }

    private long steps(int examples) {
      long epochs = (long) config.epochs() * Math.ceilDiv(examples, config.batchSize());
      return config.steps() > 0 ? config.steps() : Math.max(LEAST_STEPS, epochs);
    }
  }
}
