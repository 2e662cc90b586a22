package org.duovox.eval.compare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.duovox.DuovoxException.Kind;
import org.duovox.eval.Distance;
import org.duovox.eval.SsimiData;
import org.duovox.eval.SsimiData.Pair;
import org.duovox.eval.SsimiData.Token;
import org.duovox.testing.Failures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Distances of words are means over their recordings: within a voice, or over all.
final class WordDistancesTest {
  private static final List<Token> TOKENS =
      List.of(
          new Token("synthetic", "a1", "v", "apple"),
          new Token("synthetic", "a2", "w", "apple"),
          new Token("synthetic", "p1", "v", "plum"),
          new Token("synthetic", "p2", "w", "plum"),
          new Token("librispeech", "b1", "x", "apple"),
          new Token("librispeech", "b2", "y", "apple"),
          new Token("librispeech", "q1", "x", "plum"));
  private static final SsimiData DATA =
      new SsimiData(
          TOKENS,
          List.of(
              new Pair("synthetic", "class", "apple", "plum", 10),
              new Pair("librispeech", "class", "apple", "plum", 10)));

  private static Map<String, double[]> vectors() {
    Random random = new Random(1);
    Map<String, double[]> vectors = new HashMap<>();
    TOKENS.forEach(token -> vectors.put(token.label(), random.doubles(6, -1, 1).toArray()));
    return vectors;
  }

  private static double mean(Distance metric, Map<String, double[]> vectors, String... pairs) {
    double sum = 0;
    for (String pair : pairs) {
      String[] two = pair.split(" ");
      sum += metric.between(vectors.get(two[0]), vectors.get(two[1]));
    }
    return sum / pairs.length;
  }

  @Test
  void theQuickWayOfTheCosineIsTheMeanOverRecordings() {
    Map<String, double[]> vectors = vectors();
    for (Distance metric : List.of(Distance.COSINE, Distance.EUCLIDEAN)) {
      double[] distances = new WordDistances(DATA, vectors, false).of(metric);
      double synthetic =
          mean(metric, vectors, "synthetic/a1 synthetic/p1", "synthetic/a2 synthetic/p2");
      double cut =
          mean(metric, vectors, "librispeech/b1 librispeech/q1", "librispeech/b2 librispeech/q1");
      assertArrayEquals(new double[] {synthetic, cut}, distances, 1e-12);
    }
  }

  @Test
  void centeringTakesTheVoiceOff() {
    Map<String, double[]> vectors = vectors();
    double[] before = new WordDistances(DATA, vectors, true).of(Distance.COSINE);
    // A voice that adds a constant to all of its vectors.
    for (String file : List.of("synthetic/a1", "synthetic/p1")) {
      double[] moved = vectors.get(file).clone();
      moved[0] += 100;
      vectors.put(file, moved);
    }
    assertArrayEquals(before, new WordDistances(DATA, vectors, true).of(Distance.COSINE), 1e-9);
  }

  @Test
  void aWordWithoutRecordingIsNamed() {
    Map<String, double[]> vectors = vectors();
    vectors.remove("synthetic/p2");
    Failures.assertFails(
        Kind.BAD_DATA, () -> new WordDistances(DATA, vectors, false), "1 of 7", "synthetic/p2");
  }

  @Test
  void pairsAreReadAsTheyWereWritten(@TempDir Path folder) throws IOException {
    SsimiData odd =
        new SsimiData(TOKENS, List.of(new Pair("synthetic", "a, \"b\"", "apple", "plum", 0.1)));
    WordPairs pairs = WordPairs.of(odd, Double.NaN);
    Files.writeString(folder.resolve(WordPairs.FILE), pairs.csv());
    assertEquals(pairs, WordPairs.read(folder));
    assertEquals(List.of("apple", "plum"), pairs.words());
  }
}
