package org.duovox.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.duovox.DuovoxException;
import org.duovox.io.Json;
import org.duovox.model.ModelConfig.Kind;
import org.duovox.units.Corpus;
import org.duovox.units.Toy;
import org.duovox.units.UnitStream;
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
  }

  private static ModelConfig sized(int hidden, int heads, double dropout) {
    ModelConfig c = ModelConfig.defaults();
    return new ModelConfig(
        c.kind(),
        c.stream(),
        0,
        0,
        2,
        hidden,
        heads,
        64,
        16,
        16,
        c.phoneticPooling(),
        c.unitEmbedding(),
        0,
        0,
        0,
        c.classPooling(),
        c.headLayout(),
        dropout,
        1e-12,
        0);
  }
}
