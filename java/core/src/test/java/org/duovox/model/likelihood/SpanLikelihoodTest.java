package org.duovox.model.likelihood;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.internal.NativeForward;
import org.duovox.internal.NativeRing;
import org.duovox.model.ModelConfig;
import org.duovox.model.ModelConfig.Kind;
import org.duovox.model.ToyModel;
import org.duovox.model.UnitModel;
import org.duovox.model.batch.BatchWriter;
import org.duovox.model.batch.Window;
import org.duovox.model.likelihood.SpanConfig.Per;
import org.duovox.model.likelihood.SpanConfig.Span;
import org.duovox.model.likelihood.SpanLikelihood.Score;
import org.duovox.train.ToyTraining;
import org.duovox.train.log.TrainListener;
import org.duovox.units.Toy;
import org.duovox.units.UnitStream;
import org.duovox.units.corpus.Corpus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpanLikelihoodTest {
  private static final SpanConfig SHORT = new SpanConfig(3, 2, true, true, Per.UTTERANCE, 4);

  private final Corpus corpus = Toy.corpus(12, 9, 7);

  private static List<Score> score(UnitModel model, SpanConfig config, Corpus corpus) {
    return new SpanLikelihood(model, config).score(corpus, done -> {});
  }

  @Test
  void windowsSlideAndTheTailIsScoredUnlessTheBaselineIsAskedFor() {
    SpanConfig all = new SpanConfig(15, 5, true, true, Per.UTTERANCE, 1);
    SpanConfig baseline = new SpanConfig(15, 5, false, true, Per.UTTERANCE, 1);
    assertEquals(List.of(new Span(0, 15), new Span(5, 20), new Span(8, 23)), all.spans(23));
    assertEquals(List.of(new Span(0, 15), new Span(5, 20)), baseline.spans(23));
    assertEquals(all.spans(25), baseline.spans(25), "the steps meet the end");
    assertEquals(List.of(new Span(0, 4)), baseline.spans(4), "shorter than a window");
    assertEquals(SpanConfig.defaults().spans(40), all.spans(40));
    assertThrows(DuovoxException.class, () -> new SpanConfig(4, 5, true, true, Per.TOKEN, 1));
    assertThrows(DuovoxException.class, () -> new SpanConfig(0, 1, true, true, Per.TOKEN, 1));
    assertThrows(DuovoxException.class, () -> new SpanConfig(2, 1, true, true, Per.TOKEN, 0));
  }

  /// One utterance, one window over all of it, computed step by step.
  @Test
  void aScoreIsTheSumOfLogProbabilitiesUnderTheMasks() {
    Corpus one = corpus.filter(utterance -> utterance.id().equals("u3"));
    SpanConfig whole = new SpanConfig(100, 1, true, false, Per.UTTERANCE, 4);
    try (UnitModel model = ToyModel.model(corpus);
        NativeForward forward = new NativeForward(model.nativeModel(), 9, 1, 1);
        NativeRing ring = new NativeRing(1, 1, 64, 64, Device.CPU)) {
      Window window = Window.cut(one, model.config()).getFirst();
      NativeRing.Slot slot = ring.slots().getFirst();
      NativeRing.Shape shape =
          new BatchWriter(model.ids()).write(slot, one, List.of(window), w -> 0);
      int[] tokens = one.utterance(0).contextual();
      for (int t = 0; t < tokens.length; t++) {
        slot.contextual().put(1 + t, model.ids().mask());
      }
      float[] logits = forward.run(ring, shape, false).logits();
      double sum = 0;
      for (int t = 0; t < tokens.length; t++) {
        double total = 0;
        for (int u = 0; u < 9; u++) {
          total += Math.exp(logits[(1 + t) * 9 + u]);
        }
        sum += logits[(1 + t) * 9 + tokens[t]] - Math.log(total);
      }
      Score score = score(model, whole, one).getFirst();
      assertEquals(sum, score.score(), 1e-4);
      assertEquals(tokens.length, score.tokens());
      assertEquals(1, score.windows());
      double each =
          score(model, new SpanConfig(100, 1, true, false, Per.TOKEN, 4), one).getFirst().score();
      assertEquals(sum / tokens.length, each, 1e-5);
      double hidden =
          score(model, new SpanConfig(100, 1, true, true, Per.UTTERANCE, 4), one)
              .getFirst()
              .score();
      assertNotEquals(sum, hidden, 1e-4);
    }
  }

  /// What sWUGGY asks for: of two sequences of the same units, the one in a learned order is
  /// likelier.
  @Test
  void whatWasLearnedIsLikelier(@TempDir Path folder) {
    Corpus ups = Toy.corpus(120, 9, 7).filter(u -> u.fields().get("intent").equals("up"));
    ToyTraining.train(
        ToyTraining.config("steps=150", "batch_size=16", "masking.mask_phonetic=true"),
        ToyModel.dual(),
        ups,
        folder.resolve("run"),
        TrainListener.NONE);
    SpanConfig config = new SpanConfig(2, 1, true, true, Per.TOKEN, 16);
    Corpus test = Toy.corpus(40, 9, 7);
    try (UnitModel model = UnitModel.load(folder.resolve("run"), Device.CPU)) {
      List<Score> scores = score(model, config, test);
      double up = mean(scores, test, "up");
      double down = mean(scores, test, "down");
      assertTrue(up > down + 1, up + " against " + down + " nats a token");
    }
  }

  private static double mean(List<Score> scores, Corpus test, String intent) {
    return IntStream.range(0, test.size())
        .filter(i -> test.utterance(i).fields().get("intent").equals(intent))
        .mapToDouble(i -> scores.get(i).score())
        .average()
        .orElseThrow();
  }

  @Test
  void batchesAndNeighborsDoNotMatter() {
    try (UnitModel model = ToyModel.model(corpus)) {
      List<Score> together = score(model, SHORT, corpus);
      List<Score> alone = score(model, new SpanConfig(3, 2, true, true, Per.UTTERANCE, 1), corpus);
      assertEquals(corpus.size(), together.size());
      for (int i = 0; i < corpus.size(); i++) {
        assertEquals(corpus.utterance(i).id(), together.get(i).id());
        assertEquals(alone.get(i).score(), together.get(i).score(), 1e-4);
        assertEquals(SHORT.spans(corpus.utterance(i).tokens()).size(), together.get(i).windows());
        assertTrue(together.get(i).score() < 0);
      }
    }
  }

  @Test
  void everyKindOfModelScoresAndLongUtterancesAreReadInParts() {
    Corpus longer =
        Corpus.of(
            corpus.contextual(),
            corpus.phonetic().orElseThrow(),
            List.of(Toy.utterance("long", new int[40], 7, Map.of())));
    for (Kind kind : Kind.values()) {
      ModelConfig config = ToyModel.config(kind, UnitStream.CONTEXTUAL);
      try (UnitModel model = UnitModel.create(config, corpus, List.of(), Device.CPU)) {
        Score score = score(model, SHORT, longer).getFirst();
        assertTrue(Double.isFinite(score.score()) && score.tokens() >= 40, kind + " " + score);
        assertEquals(new SpanLikelihood(model, SHORT).windows(longer), score.windows());
      }
    }
  }
}
