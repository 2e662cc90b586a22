package org.duovox.io;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException.Kind;
import org.duovox.io.json.Json;
import org.duovox.model.ModelCard;
import org.duovox.model.ModelConfig;
import org.duovox.slu.FrontEnd;
import org.duovox.units.StreamInfo;
import org.duovox.units.corpus.AlignConfig;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// Files that lack a value are told where they are read, with the key.
class PresentTest {
  private static final StreamInfo STREAM = new StreamInfo("a", "b", "c", "d", "whole", 20, 10);

  /// Takes each key away in turn; the rest is refused by its name.
  private static <T> void refused(T whole, Class<T> type, String... keys) {
    assertEquals(whole, Json.parse(Json.line(whole), type, "card.json"));
    for (String key : keys) {
      ObjectNode tree = (ObjectNode) Json.convert(whole);
      tree.remove(key);
      assertFails(
          Kind.BAD_DATA,
          () -> Json.parse(Json.line(tree), type, "card.json"),
          "card.json:1:",
          "\"" + key + "\" must be there");
    }
  }

  @Test
  void whatClassifiersAndModelsAreMadeOfIsThere() {
    refused(
        STREAM,
        StreamInfo.class,
        "encoder",
        "layer",
        "weights_sha256",
        "normalisation",
        "chunking");
    refused(
        new FrontEnd("duovox-frontend", 1, STREAM, STREAM, AlignConfig.defaults()),
        FrontEnd.class,
        "align");
    refused(
        new ModelCard.Stream(STREAM, "x"), ModelCard.Stream.class, "features", "codebook_sha256");
    refused(
        ModelConfig.defaults(),
        ModelConfig.class,
        "kind",
        "stream",
        "phonetic_pooling",
        "unit_embedding",
        "class_pooling",
        "head_layout");
  }

  @Test
  void listsAndMapsHoldNoNull() {
    Present.require("a", List.of(Map.of("b", 1)), "c", Map.of());
    assertFails(
        Kind.BAD_DATA,
        () ->
            Present.require(
                "a",
                Map.of("b", Arrays.asList(1, null)),
                "c",
                Collections.singletonMap("d", null),
                "e",
                5,
                "f",
                null),
        "\"a\", \"c\", \"f\" must be there, without null");
  }
}
