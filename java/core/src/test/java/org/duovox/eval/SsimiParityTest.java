package org.duovox.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.duovox.io.json.Json;
import org.duovox.testing.Shared;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// All 36 combinations of distance and pooling against the official ZeroSpeech 2021 evaluator.
class SsimiParityTest {
  private static final double TOLERANCE = 1e-9;

  @Test
  void equalsTheOfficialEvaluator() {
    Optional<Path> found = Shared.find("golden/ssimi");
    Assumptions.assumeTrue(
        found.isPresent(), "SKIPPED: golden/ssimi is not beside the repository; parity not tested");
    Path golden = found.orElseThrow();
    SsimiData data = SsimiData.read(golden.resolve("g/gold.csv"), golden.resolve("g/pairs.csv"));
    JsonNode expected = Json.tree(golden.resolve("golden.json"));
    assertEquals(36, expected.size());
    double largest = 0;
    for (var entry : expected.properties()) {
      String[] name = entry.getKey().split("/");
      SsimiResult result =
          Ssimi.evaluate(
              data,
              PooledTokens.load(data.tokens(), golden.resolve("sub"), Pooling.of(name[1])),
              Distance.of(name[0]),
              0);
      largest = Math.max(largest, difference(entry.getKey(), entry.getValue(), result));
    }
    System.out.println("ssimi: largest difference from the official evaluator " + largest);
  }

  private static double difference(String name, JsonNode expected, SsimiResult result) {
    JsonNode correlations = expected.get("correlation");
    assertEquals(correlations.size(), result.correlations().size());
    double largest = 0;
    for (var entry : correlations.properties()) {
      double actual = result.correlations().get(entry.getKey());
      assertEquals(entry.getValue().asDouble(), actual, TOLERANCE, name + " " + entry.getKey());
      largest = Math.max(largest, Math.abs(entry.getValue().asDouble() - actual));
      Estimate estimate = result.estimates().get(entry.getKey());
      assertTrue(estimate.low() <= actual && actual <= estimate.high(), name);
    }
    JsonNode scores = expected.get("pair_scores");
    assertEquals(scores.size(), result.pairs().size());
    for (int i = 0; i < scores.size(); i++) {
      double actual = result.pairs().get(i).score();
      assertEquals(scores.get(i).asDouble(), actual, TOLERANCE, name + " pair " + i);
      largest = Math.max(largest, Math.abs(scores.get(i).asDouble() - actual));
    }
    return largest;
  }
}
