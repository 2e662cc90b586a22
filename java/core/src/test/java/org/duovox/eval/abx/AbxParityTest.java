package org.duovox.eval.abx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.duovox.io.json.Json;
import org.duovox.testing.Shared;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// All 24 scores of the golden data against the ZeroSpeech tool.
class AbxParityTest {
  private static final double TOLERANCE = 1e-6;

  @Test
  void equalsTheZeroSpeechTool() {
    Path golden = Shared.assume("golden/abx");
    JsonNode expected = Json.tree(golden.resolve("golden.json"));
    double intervalMs = 1000 * expected.get("frame_step_s").asDouble();
    ItemFile items = ItemFile.read(golden.resolve("items.item"));
    Map<String, Double> scores = new TreeMap<>();
    for (FramePooling pooling : new FramePooling[] {FramePooling.NONE, FramePooling.MEAN}) {
      for (FrameDistance distance :
          new FrameDistance[] {
            FrameDistance.COSINE, FrameDistance.EUCLIDEAN, FrameDistance.KL_SYMMETRIC
          }) {
        Path folder = golden.resolve(distance.needsDistributions() ? "posteriors" : "features");
        scores.putAll(scores(items, folder, intervalMs, distance, pooling));
      }
    }
    assertEquals(24, expected.get("scores").size());
    double largest = 0;
    for (var entry : expected.get("scores").properties()) {
      double score = scores.get(entry.getKey());
      assertEquals(entry.getValue().asDouble(), score, TOLERANCE, entry.getKey());
      largest = Math.max(largest, Math.abs(entry.getValue().asDouble() - score));
    }
    System.out.println("abx: largest difference from the ZeroSpeech tool " + largest);
  }

  private static Map<String, Double> scores(
      ItemFile items,
      Path folder,
      double intervalMs,
      FrameDistance distance,
      FramePooling pooling) {
    Map<String, Double> scores = new TreeMap<>();
    try (FrameSource source = FrameSource.open(folder, null, null);
        TokenSet set =
            TokenSet.read(
                items,
                source,
                Slicing.of(source, intervalMs, null, false),
                pooling,
                true,
                done -> {})) {
      for (AbxCondition condition : AbxCondition.ALL) {
        Abx.Score score = Abx.score(set, distance, condition, AbxConfig.all(), done -> {});
        scores.put(
            distance.label() + "/" + pooling.label() + "/" + condition.label(), score.error());
      }
    }
    return scores;
  }
}
