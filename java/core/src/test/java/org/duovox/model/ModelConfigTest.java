package org.duovox.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.io.json.Json;
import org.duovox.model.ModelConfig.Activation;
import org.duovox.model.ModelConfig.HeadLayout;
import org.duovox.model.ModelConfig.Interaction;
import org.duovox.model.ModelConfig.Kind;
import org.duovox.model.ModelConfig.Precision;
import org.duovox.units.Toy;
import org.duovox.units.UnitStream;
import org.duovox.units.corpus.Corpus;
import org.junit.jupiter.api.Test;

final class ModelConfigTest {
  @Test
  void jsonRoundTripInSnakeCase() {
    ModelConfig config = ModelConfig.defaults();
    String json = Json.pretty(config);
    assertTrue(json.contains("\"phonetic_pooling\" : \"gru_ends\""), json);
    assertTrue(json.contains("\"kind\" : \"dual\""), json);
    assertEquals(config, Json.parse(json, ModelConfig.class, "config.json"));
    assertThrows(
        DuovoxException.class,
        () -> Json.parse(json.replace("layers", "layer"), ModelConfig.class, "config.json"));
  }

  @Test
  void fitsToACorpus() {
    Corpus corpus = Toy.corpus(4, 9, 7);
    ModelConfig dual = ModelConfig.preset("tiny").fitTo(corpus);
    assertEquals(9, dual.contextualCodes());
    assertEquals(7, dual.phoneticCodes());
    assertEquals(6, dual.representationWidth());
    assertEquals(dual, dual.fitTo(corpus));
    ModelConfig single = ModelConfig.defaults().singleOn(UnitStream.PHONETIC).fitTo(corpus);
    assertEquals(Kind.SINGLE, single.kind());
    assertEquals(7, single.contextualCodes());
    assertEquals(0, single.phoneticCodes());
    assertEquals(4, single.representationWidth());
  }

  @Test
  void presetsAreArchitectureAndSize() {
    ModelConfig paper = ModelConfig.preset("paper");
    ModelConfig both = paper.with(draft -> draft.headLayout = HeadLayout.CONCATENATED);
    assertEquals(both, ModelConfig.defaults());
    assertEquals(both, ModelConfig.preset("bert-small"));
    assertEquals(paper, ModelConfig.preset("paper-bert-small"));
    assertEquals(8, paper.layers());
    assertEquals(Interaction.PER_LAYER, paper.interaction());
    assertEquals(Activation.TANH, paper.interactionActivation());
    assertTrue(paper.interactionSplit() && paper.interactionBias() && !paper.sharedStacks());
    ModelConfig charbert = ModelConfig.preset("charbert");
    assertEquals(512, charbert.hidden());
    assertEquals(Interaction.SHARED, charbert.interaction());
    assertEquals(Activation.NONE, charbert.interactionActivation());
    assertTrue(
        charbert.sharedStacks() && !charbert.interactionSplit() && !charbert.interactionBias());
    assertEquals(HeadLayout.CONCATENATED, charbert.headLayout());
    assertEquals(96, ModelConfig.preset("charbert-tiny").hidden());
    assertEquals(
        ModelConfig.preset("tiny"),
        ModelConfig.preset("paper-tiny").with(draft -> draft.headLayout = HeadLayout.CONCATENATED));
    for (String unknown : new String[] {"", "-", "paper-", "tiny-paper", "charbert-huge"}) {
      DuovoxException error =
          assertThrows(DuovoxException.class, () -> ModelConfig.preset(unknown));
      assertTrue(error.getMessage().contains("charbert-tiny"), error.getMessage());
    }
  }

  /// A config.json of an earlier version lacks everything from head_width on.
  @Test
  void olderFilesKeepTheirMeaning() {
    ModelConfig config = ModelConfig.preset("tiny");
    String json = Json.pretty(config);
    String older = json.substring(0, json.indexOf(",\n  \"head_width\"")) + "\n}\n";
    assertTrue(older.contains("\"seed\" : 0"), older);
    assertEquals(config, Json.parse(older, ModelConfig.class, "config.json"));
  }

  @Test
  void everyOptionSurvivesTheFile() {
    ModelConfig config =
        ModelConfig.preset("charbert-tiny")
            .with(draft -> {
              draft.kind = Kind.JOINT;
              draft.headWidth = 48;
              draft.headSpecials = true;
              draft.typeEmbeddings = 2;
              draft.precision = Precision.BF16;
              draft.interactionActivation = Activation.GELU;
            });
    String json = Json.pretty(config);
    assertTrue(json.contains("\"kind\" : \"joint\""), json);
    assertTrue(json.contains("\"precision\" : \"bf16\""), json);
    assertEquals(config, Json.parse(json, ModelConfig.class, "config.json"));
  }

  @Test
  void aJointSequenceReadsBothStreams() {
    Corpus corpus = Toy.corpus(4, 9, 7);
    ModelConfig joint = ModelConfig.preset("tiny").joint().fitTo(corpus);
    assertEquals(Kind.JOINT, joint.kind());
    assertEquals(9, joint.contextualCodes());
    assertEquals(7, joint.phoneticCodes());
    assertEquals(6, joint.representationWidth());
    DuovoxException error =
        assertThrows(
            DuovoxException.class, () -> joint.fitTo(corpus.single(UnitStream.CONTEXTUAL)));
    assertTrue(error.getMessage().contains("joint"), error.getMessage());
  }

  @Test
  void anotherVocabularyIsRefused() {
    ModelConfig fitted = ModelConfig.preset("tiny").fitTo(Toy.corpus(4, 9, 7));
    DuovoxException error =
        assertThrows(DuovoxException.class, () -> fitted.fitTo(Toy.corpus(4, 10, 7)));
    assertTrue(error.getMessage().contains("contextual_codes is 9"), error.getMessage());
    assertEquals(DuovoxException.Kind.BAD_CONFIG, error.kind());
  }

  @Test
  void badSizesAreRefusedByName() {
    ModelConfig c = ModelConfig.defaults();
    DuovoxException heads = assertThrows(DuovoxException.class, () -> sized(512, 7, 0.1));
    assertTrue(heads.getMessage().contains("heads is 7"), heads.getMessage());
    assertThrows(DuovoxException.class, () -> sized(c.hidden(), c.heads(), 1.0));
    assertThrows(DuovoxException.class, () -> sized(c.hidden(), c.heads(), Double.NaN));
    assertThrows(DuovoxException.class, () -> ModelConfig.preset("huge"));
    DuovoxException width =
        assertThrows(DuovoxException.class, () -> c.with(draft -> draft.headWidth = -1));
    assertTrue(width.getMessage().contains("head_width must be 0 to"), width.getMessage());
    assertThrows(DuovoxException.class, () -> c.with(draft -> draft.typeEmbeddings = -1));
  }

  @Test
  void automaticHeadsAreDecidedByTheObjectives() {
    assertEquals(HeadLayout.CONCATENATED, ModelConfig.defaults().headLayout());
    assertEquals(HeadLayout.CONCATENATED, ModelConfig.preset("tiny").headLayout());
    ModelConfig config = ModelConfig.preset("paper-tiny");
    assertEquals(HeadLayout.AUTO, config.headLayout());
    assertEquals(HeadLayout.CONCATENATED, config.forObjectives(1).headLayout());
    assertEquals(HeadLayout.SPLIT, config.forObjectives(2).headLayout());
    for (HeadLayout asked : List.of(HeadLayout.SPLIT, HeadLayout.CONCATENATED)) {
      ModelConfig explicit = config.with(draft -> draft.headLayout = asked);
      assertEquals(explicit, explicit.forObjectives(1));
      assertEquals(explicit, explicit.forObjectives(2));
    }
  }

  @Test
  void noModelIsMadeWithHeadsThatNobodyDecided() {
    ModelConfig config = ModelConfig.preset("paper-tiny").fitTo(Toy.corpus(4, 9, 7));
    DuovoxException error =
        assertThrows(DuovoxException.class, () -> UnitModel.newNative(config, Device.CPU));
    assertTrue(error.getMessage().contains("head_layout is auto"), error.getMessage());
    assertEquals(DuovoxException.Kind.BAD_CONFIG, error.kind());
  }

  private static ModelConfig sized(int hidden, int heads, double dropout) {
    return ModelConfig.defaults()
        .with(draft -> {
          draft.hidden = hidden;
          draft.heads = heads;
          draft.dropout = dropout;
        });
  }
}
