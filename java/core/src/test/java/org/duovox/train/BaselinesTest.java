package org.duovox.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.duovox.internal.Device;
import org.duovox.model.ModelConfig;
import org.duovox.model.ModelConfig.Kind;
import org.duovox.model.ToyModel;
import org.duovox.model.UnitModel;
import org.duovox.model.embed.EmbedConfig;
import org.duovox.model.embed.Embedder;
import org.duovox.model.embed.Embedder.Embedding;
import org.duovox.model.match.MatchReport;
import org.duovox.slu.IntentClassifier;
import org.duovox.slu.Prediction;
import org.duovox.slu.SluConfig;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainListener;
import org.duovox.train.run.RunFolder;
import org.duovox.units.Toy;
import org.duovox.units.UnitStream;
import org.duovox.units.corpus.Corpus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Baselines from pretraining to their uses.
final class BaselinesTest {
  private static final Corpus CORPUS = Toy.corpus(8, 9, 7);

  @TempDir Path folder;

  private Path pretrained(ModelConfig shape, String name, String... settings) {
    Path run = folder.resolve(name);
    ToyTraining.train(ToyTraining.config(settings), shape, CORPUS, run, TrainListener.NONE);
    return run;
  }

  /// Sequences of both streams are longer than 16 positions here: they are read in windows.
  @Test
  void aJointModelIsTrainedEmbeddedAndClassified() {
    ModelConfig joint = ToyModel.config(Kind.JOINT, UnitStream.CONTEXTUAL);
    Path run = pretrained(joint, "joint", "steps=20");
    try (UnitModel model = UnitModel.load(run, Device.CPU)) {
      List<Embedding> both = embed(model, EmbedConfig.Channel.BOTH);
      List<Embedding> contextual = embed(model, EmbedConfig.Channel.CONTEXTUAL);
      for (int i = 0; i < CORPUS.size(); i++) {
        assertEquals(CORPUS.utterance(i).tokens() + 2, both.get(i).rows());
        assertEquals(64, both.get(i).width());
        float[] left = new float[32];
        System.arraycopy(both.get(i).values(), 64, left, 0, 32);
        float[] alone = new float[32];
        System.arraycopy(contextual.get(i).values(), 32, alone, 0, 32);
        assertArrayEquals(alone, left, 1e-5f);
      }
    }
    Path classifier = folder.resolve("classifier");
    SluConfig probe = SluConfig.probe();
    try (RunFolder open = RunFolder.open(classifier, false)) {
      IntentClassifier.train(run, CORPUS, "intent", probe, open, TrainHost.cpu(TrainListener.NONE));
    }
    List<Prediction> predictions = IntentClassifier.evaluate(classifier, CORPUS, Device.CPU);
    assertEquals(CORPUS.size(), predictions.size());
  }

  private static List<Embedding> embed(UnitModel model, EmbedConfig.Channel channel) {
    return new Embedder(model, new EmbedConfig(-1, channel, true, 4)).embed(CORPUS);
  }

  @Test
  void everyBaselineLearnsASmallCorpusByHeart() {
    for (Kind kind : Kind.values()) {
      ModelConfig shape =
          ToyModel.config(kind, UnitStream.CONTEXTUAL).with(draft -> draft.maxPositions = 64);
      Path run =
          pretrained(
              shape,
              "heart-" + kind,
              "steps=400",
              "mcr_weight=0",
              "masking.probability=0.15",
              "report_every=50");
      List<TrainLine> lines = RunFolder.metrics(run);
      double first = lines.getFirst().mcp();
      double last = lines.getLast().mcp();
      assertTrue(last < 0.6 * first, kind + ": " + first + " to " + last);
    }
  }

  @Test
  void aMatchedBaselineSaysHowItCameAbout() throws Exception {
    ModelConfig single = ToyModel.config(Kind.SINGLE, UnitStream.PHONETIC);
    Path run = pretrained(single, "matched", "steps=2", "match=parameters");
    MatchReport report = MatchReport.read(run).orElseThrow();
    try (UnitModel model = UnitModel.load(run, Device.CPU)) {
      assertEquals(report.result().hidden(), model.config().hidden());
      assertTrue(model.config().hidden() > 32);
    }
    assertTrue(Math.abs(report.differencePercent()) < 2, report.text());
    assertTrue(Files.readString(run.resolve("train.json")).contains("\"match\" : \"parameters\""));
    Path dual = pretrained(ToyModel.dual(), "dual", "steps=2", "match=parameters");
    assertFalse(Files.exists(dual.resolve(MatchReport.FILE)), "the reference itself");
  }
}
