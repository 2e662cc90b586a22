package org.duovox.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.duovox.internal.Device;
import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeTrainer;
import org.duovox.model.ModelConfig.Activation;
import org.duovox.model.ModelConfig.HeadLayout;
import org.duovox.model.ModelConfig.Interaction;
import org.duovox.model.ModelConfig.Kind;
import org.duovox.model.ModelConfig.PhoneticPooling;
import org.duovox.model.ModelDraft;
import org.duovox.model.ToyModel;
import org.duovox.model.UnitModel;
import org.duovox.model.batch.BatchWriter;
import org.duovox.model.batch.Window;
import org.duovox.train.PretrainConfig.McrTarget;
import org.duovox.train.data.Masking;
import org.duovox.units.Toy;
import org.duovox.units.UnitStream;
import org.duovox.units.corpus.Corpus;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One batch with fixed masks is learned by heart by every objective, every form of the model and
/// every baseline: a gradient that is missing somewhere would leave a loss behind.
final class OverfitTest {
  private static final int STEPS = 400;
  private static final int WIDTH = 6; // of the toy codebook

  /// A model, the weights of its objectives, and what reconstruction aims at.
  record Case(
      String name,
      double mcpWeight,
      double mcrWeight,
      McrTarget target,
      Consumer<ModelDraft> change) {
    Case(String name, double mcpWeight, double mcrWeight, Consumer<ModelDraft> change) {
      this(name, mcpWeight, mcrWeight, McrTarget.CODEBOOK, change);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case("MCP and MCR, split heads", 1, 1, draft -> {}),
        new Case("MCP alone", 1, 0, draft -> draft.headLayout = HeadLayout.CONCATENATED),
        new Case("MCR alone", 0, 1, draft -> draft.headLayout = HeadLayout.CONCATENATED),
        new Case("MCR to features", 0, 1, McrTarget.FEATURE, draft -> {}),
        new Case("both, concatenated", 1, 1, draft -> draft.headLayout = HeadLayout.CONCATENATED),
        new Case("prototype's shape", 1, 1, OverfitTest::prototype),
        new Case("shared stacks", 1, 1, draft -> draft.sharedStacks = true),
        new Case("no interaction", 1, 1, draft -> draft.interaction = Interaction.NONE),
        new Case("GELU", 1, 1, draft -> draft.interactionActivation = Activation.GELU),
        new Case("mean pooling", 1, 1, draft -> draft.phoneticPooling = PhoneticPooling.MEAN),
        new Case("max pooling", 1, 1, draft -> draft.phoneticPooling = PhoneticPooling.MAX),
        new Case("contextual stream", 1, 1, draft -> draft.kind = Kind.SINGLE),
        new Case("phonetic stream", 1, 1, OverfitTest::phonetic),
        new Case("joint sequence", 1, 1, OverfitTest::joint));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void oneBatchIsLearnedByHeart(Case c) {
    NativeTrainer.Report last = overfit(c);
    String text = "%s: mcp %.5f, mcr %.5f".formatted(c, last.mcp(), last.mcr());
    assertTrue(c.mcpWeight() == 0 || last.mcp() < 0.01, text);
    assertTrue(c.mcpWeight() == 0 || last.accuracy() == 1, text);
    assertTrue(c.mcrWeight() == 0 || last.mcr() < 0.03, text);
  }

  private static void prototype(ModelDraft draft) {
    draft.sharedStacks = true;
    draft.interaction = Interaction.SHARED;
    draft.interactionActivation = Activation.NONE;
    draft.interactionSplit = false;
    draft.interactionBias = false;
    draft.typeEmbeddings = 1;
    draft.headLayout = HeadLayout.CONCATENATED;
    draft.headWidth = 2 * draft.hidden;
    draft.headSpecials = true;
  }

  private static void phonetic(ModelDraft draft) {
    draft.kind = Kind.SINGLE;
    draft.stream = UnitStream.PHONETIC;
    draft.maxPositions = 64;
  }

  private static void joint(ModelDraft draft) {
    draft.kind = Kind.JOINT;
    draft.maxPositions = 64;
  }

  /// A feature of its own for every position: no two targets are alike.
  private static void features(FloatBuffer representations) {
    Random draws = new Random(5);
    for (int i = 0; i < representations.capacity(); i++) {
      representations.put(i, (float) draws.nextGaussian());
    }
  }

  private static NativeTrainer.Report overfit(Case c) {
    Corpus corpus = Toy.corpus(4, 9, 7);
    try (UnitModel model =
        UnitModel.create(ToyModel.dual().with(c.change()), corpus, List.of(), Device.CPU)) {
      Corpus view = model.config().view(corpus);
      List<Window> batch = Window.cut(view, model.config());
      BatchWriter.Sizes sizes = BatchWriter.Sizes.of(view, List.of(batch));
      NativeTrainer.Config config =
          new NativeTrainer.Config(
              NativeTrainer.Objective.PRETRAIN,
              new NativeTrainer.Schedule(STEPS, 20, 5e-3),
              NativeTrainer.AdamW.usual(0, 1),
              new NativeTrainer.Loss(c.mcpWeight(), c.mcrWeight(), c.target().ordinal(), 0),
              NativeTrainer.Spikes.NONE,
              1);
      try (NativeRing ring =
              new NativeRing(
                  1, sizes.rows(), sizes.tokens(), sizes.phoneticUnits(), WIDTH, Device.CPU);
          NativeTrainer trainer = new NativeTrainer(model.nativeModel(), config)) {
        NativeRing.Slot slot = ring.slots().getFirst();
        NativeRing.Shape shape = new BatchWriter(model.ids()).write(slot, view, batch, window -> 0);
        Masking masking =
            new Masking(
                Masking.Config.defaults(), view, model.ids(), model.config().maxPositions(), 3);
        for (int row = 0; row < batch.size(); row++) {
          masking.apply(slot, shape, row, 0, row);
        }
        features(slot.representations());
        NativeRing.Shape[] batches = {shape};
        for (int step = 0; step < STEPS - 5; step++) {
          trainer.step(ring, batches, 1);
        }
        trainer.report();
        for (int step = 0; step < 5; step++) {
          trainer.step(ring, batches, 1);
        }
        return trainer.report();
      }
    }
  }
}
