package org.duovox.slu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.model.ToyModel;
import org.duovox.model.UnitModel;
import org.duovox.train.TrainHost;
import org.duovox.train.data.UnitNoise;
import org.duovox.train.log.TrainListener;
import org.duovox.train.run.RunFolder;
import org.duovox.units.SplitMix;
import org.duovox.units.Toy;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IntentClassifierTest {
  private final Corpus corpus = Toy.corpus(240, 9, 7);
  private final Corpus training = corpus.select(IntStream.range(0, 200));
  private final Corpus test = corpus.select(IntStream.range(200, 240));

  @TempDir Path folder;
  private Path pretrained;

  @BeforeEach
  void pretrain() {
    pretrained = folder.resolve("pretrained");
    try (UnitModel model = ToyModel.model(corpus)) {
      model.save(pretrained);
    }
  }

  private static double accuracy(List<Prediction> predictions) {
    return predictions.stream().mapToInt(p -> p.correct() ? 1 : 0).average().orElse(Double.NaN);
  }

  @Test
  void fineTuningLearnsAToyTask() {
    train(config(SluConfig.Mode.FINETUNE, 15, 3e-3), training);
    List<Prediction> predictions =
        IntentClassifier.evaluate(folder.resolve("slu"), test, Device.CPU);
    assertTrue(accuracy(predictions) >= 0.9, predictions.toString());
    assertEquals(test.utterance(3).id(), predictions.get(3).id());
    Prediction first = predictions.getFirst();
    assertEquals(1, first.scores().stream().mapToDouble(Math::exp).sum(), 1e-6);
    assertFalse(RunFolder.metrics(folder.resolve("slu")).isEmpty());
  }

  @Test
  void probeLearnsOnFrozenFeaturesAndLeavesTheEncoderAsItIs() {
    Corpus separable = corpusOfTwoVocabularies();
    SluConfig config = config(SluConfig.Mode.PROBE, 30, 3e-2);
    train(config, separable);
    double accuracy =
        accuracy(IntentClassifier.evaluate(folder.resolve("slu"), separable, Device.CPU));
    assertTrue(accuracy > 0.9, "accuracy " + accuracy);
    try (UnitModel before = UnitModel.load(pretrained, Device.CPU);
        UnitModel after = UnitModel.load(folder.resolve("slu"), Device.CPU)) {
      for (String name : before.tensors()) {
        assertArrayEquals(before.read(name), after.read(name), name);
      }
      assertEquals(List.of("high", "low"), after.card().labels());
    }
  }

  @Test
  void unseenLabelMissingFieldAndOneClassAreNamed() {
    IntentData data = IntentData.of(training.filter(u -> true), "speaker");
    DuovoxException unseen =
        assertThrows(
            DuovoxException.class,
            () -> new IntentData("intent", List.of("up")).label(corpus.utterance(1)));
    assertTrue(unseen.getMessage().startsWith("u1: its intent 'down'"), unseen.getMessage());
    assertEquals(List.of("s0", "s1", "s2"), data.labels());
    assertThrows(DuovoxException.class, () -> IntentData.of(training, "slot"));
    Corpus ups = training.filter(u -> u.fields().get("intent").equals("up"));
    assertThrows(DuovoxException.class, () -> IntentData.of(ups, "intent"));
  }

  @Test
  void utterancesWithoutAValueAreNamed() {
    for (String value : List.of("", " \t")) {
      List<UnitUtterance> all = new ArrayList<>(training.utterances());
      all.set(3, Toy.utterance("empty one", new int[] {1, 2}, 7, Map.of("intent", value)));
      Corpus holed = Corpus.of(corpus.contextual(), corpus.phonetic().orElseThrow(), all);
      DuovoxException failure =
          assertThrows(DuovoxException.class, () -> IntentData.of(holed, "intent"));
      assertTrue(
          failure.getMessage().startsWith("utterance empty one has no value in the field 'intent'"),
          failure.getMessage());
    }
    DuovoxException absent =
        assertThrows(DuovoxException.class, () -> IntentData.of(training, "slot"));
    assertTrue(absent.getMessage().contains("u0 has no field 'slot'"), absent.getMessage());
  }

  @Test
  void evaluationNamesAnUtteranceWithoutALabel() {
    train(config(SluConfig.Mode.PROBE, 1, 1e-3), training);
    List<UnitUtterance> all = new ArrayList<>(test.utterances());
    all.set(1, Toy.utterance("unlabeled", new int[] {1, 2}, 7, Map.of("intent", "")));
    Corpus holed = Corpus.of(corpus.contextual(), corpus.phonetic().orElseThrow(), all);
    DuovoxException failure =
        assertThrows(
            DuovoxException.class,
            () -> IntentClassifier.evaluate(folder.resolve("slu"), holed, Device.CPU));
    assertTrue(failure.getMessage().contains("utterance unlabeled"), failure.getMessage());
  }

  @Test
  void modelThatIsNoClassifierIsRefused() {
    DuovoxException error =
        assertThrows(
            DuovoxException.class, () -> IntentClassifier.evaluate(pretrained, test, Device.CPU));
    assertTrue(error.getMessage().contains("is not a classifier"), error.getMessage());
  }

  @Test
  void failureLeavesNothing() {
    SluConfig config = config(SluConfig.Mode.FINETUNE, 1, 1e-3);
    try (RunFolder run = RunFolder.open(folder.resolve("slu"), false)) {
      assertThrows(
          DuovoxException.class,
          () ->
              IntentClassifier.train(
                  pretrained, training, "slot", config, run, TrainHost.cpu(TrainListener.NONE)));
    }
    assertFalse(Files.exists(folder.resolve("slu")));
  }

  /// Utterances of the codes 0 to 3 and of 5 to 8: what a linear map of mean features can tell
  /// apart.
  private Corpus corpusOfTwoVocabularies() {
    SplitMix draws = SplitMix.of(3);
    List<UnitUtterance> utterances = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      int first = i % 2 == 0 ? 0 : 5;
      int[] tokens = IntStream.range(0, 6).map(t -> first + draws.nextInt(4)).toArray();
      Map<String, String> fields = Map.of("intent", i % 2 == 0 ? "low" : "high");
      utterances.add(Toy.utterance("v" + i, tokens, 7, fields));
    }
    return Corpus.of(corpus.contextual(), corpus.phonetic().orElseThrow(), utterances);
  }

  private void train(SluConfig config, Corpus on) {
    try (RunFolder run = RunFolder.open(folder.resolve("slu"), false)) {
      IntentClassifier.train(
          pretrained, on, "intent", config, run, TrainHost.cpu(TrainListener.NONE));
    }
  }

  private static SluConfig config(SluConfig.Mode mode, int epochs, double learningRate) {
    return SluConfig.defaults()
        .with(draft -> {
          draft.mode = mode;
          draft.epochs = epochs;
          draft.batchSize = 8;
          draft.learningRate = learningRate;
          draft.dropout = 0;
          draft.labelSmoothing = 0;
          draft.unitNoise = new UnitNoise(0.05, 0.05);
          draft.reportEvery = 20;
          draft.threads = 1;
        });
  }
}
