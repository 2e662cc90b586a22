package org.duovox.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.duovox.io.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ConfusionMatrixTest {
  private static final List<String> LABELS = List.of("on", "off", "never");
  private final ConfusionMatrix matrix =
      ConfusionMatrix.of(LABELS, new int[] {0, 0, 0, 1}, new int[] {0, 0, 1, 1});

  @Test
  void countsTruthByPrediction() {
    assertArrayEquals(new int[][] {{2, 1, 0}, {0, 1, 0}, {0, 0, 0}}, matrix.counts());
    assertEquals(0.75, matrix.accuracy());
    assertEquals(2 / 3.0, matrix.recall(0));
    assertEquals(1, matrix.recall(1));
    assertEquals(Double.NaN, matrix.recall(2));
    assertEquals(4, matrix.total());
  }

  @Test
  void addsFolds() {
    assertEquals(8, matrix.plus(matrix).total());
    assertEquals(matrix, matrix.plus(ConfusionMatrix.of(LABELS, new int[0], new int[0])));
    ConfusionMatrix other = ConfusionMatrix.of(List.of("x"), new int[0], new int[0]);
    assertThrows(IllegalArgumentException.class, () -> matrix.plus(other));
    assertEquals(Double.NaN, other.accuracy());
  }

  @Test
  void cannotBeChangedFromOutside() {
    matrix.counts()[0][0] = 99;
    assertEquals(4, matrix.total());
  }

  @Test
  void writesJson(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("c.json"), matrix.toJson());
    JsonNode tree = Json.tree(file);
    assertEquals("off", tree.get("labels").get(1).asString());
    assertEquals(1, tree.get("counts").get(0).get(1).asInt());
    assertEquals(0.75, tree.get("accuracy").asDouble());
    assertEquals(true, tree.get("recall").get("never").isNull());
  }

  @Test
  void refusesOtherShapes() {
    assertThrows(IllegalArgumentException.class, () -> new ConfusionMatrix(LABELS, new int[2][3]));
    assertThrows(
        IllegalArgumentException.class, () -> ConfusionMatrix.of(LABELS, new int[1], new int[2]));
  }
}
