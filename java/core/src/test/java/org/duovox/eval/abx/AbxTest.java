package org.duovox.eval.abx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AbxTest {
  private static final AbxCondition WITHIN = new AbxCondition(false, true);
  private static final AbxCondition ACROSS = new AbxCondition(true, true);

  @TempDir private Path folder;

  private TokenSet read(ToyItems toy, boolean directions) throws IOException {
    ItemFile items = ItemFile.read(Files.write(folder.resolve("a.item"), toy.lines()));
    return TokenSet.read(
        items, toy.source(), new Slicing(10, 5, false), FramePooling.NONE, directions, done -> {});
  }

  private static Abx.Score score(TokenSet set, FrameDistance distance, AbxCondition condition) {
    return Abx.score(set, distance, condition, AbxConfig.all(), done -> {});
  }

  private static float[] units(double... values) {
    float[] frame = new float[values.length];
    for (int i = 0; i < frame.length; i++) {
      frame[i] = (float) values[i];
    }
    return frame;
  }

  @Test
  void countsTriplesByHand() throws IOException {
    // On a line: a at 0, 1 and 10; b at 2 and 20.
    ToyItems toy = new ToyItems();
    for (double at : new double[] {0, 1, 10}) {
      toy.add("f", "a", "x", "s", units(at));
    }
    for (double at : new double[] {2, 20}) {
      toy.add("f", "b", "x", "s", units(at));
    }
    try (TokenSet set = read(toy, false)) {
      Abx.Score score = score(set, FrameDistance.EUCLIDEAN, WITHIN);
      // x = 0: a at 1 beats both b, a at 10 beats the second: 1 of 4 wrong. x = 1: a at 0 ties with
      // b at 2, a at 10 beats the second: 1.5 of 4. x = 10: a at 0 ties with b at 20, a at 1 beats
      // it; b at 2 beats both: 2.5 of 4.
      assertEquals(5.0 / 12, score.pairs().get(0).error(), 1e-12);
      // x = 2: a at 0, 1 and 10 are nearer than the b at 20. x = 20: the a at 10 is nearer.
      assertEquals(4.0 / 6, score.pairs().get(1).error(), 1e-12);
      assertEquals((5.0 / 12 + 4.0 / 6) / 2, score.error(), 1e-12);
      assertEquals(List.of("a", "b"), score.pairs().stream().map(Abx.PairError::phone).toList());
      assertEquals(2, score.triplets());
      assertTrue(Double.isNaN(score(set, FrameDistance.EUCLIDEAN, ACROSS).error()));
    }
  }

  @Test
  void contextsAreAveragedBeforeSpeakersAndSpeakersBeforePairs() throws IOException {
    ToyItems toy = new ToyItems();
    pairOfPhones(toy, "s", "x", true);
    pairOfPhones(toy, "s", "y", true);
    pairOfPhones(toy, "s", "w", true);
    pairOfPhones(toy, "r", "x", false);
    try (TokenSet set = read(toy, false)) {
      Abx.Score score = score(set, FrameDistance.IDENTITY, new AbxCondition(false, false));
      // Three contexts of s without error and one of r at chance: the mean over speakers is 0.25.
      assertEquals(0.25, score.error(), 1e-12);
      assertEquals(2, score.pairs().getFirst().speakers());
    }
  }

  private static void pairOfPhones(ToyItems toy, String speaker, String context, boolean distinct) {
    for (int i = 0; i < 2; i++) {
      toy.add("f" + speaker, "a", context, speaker, units(1), units(2));
      toy.add("f" + speaker, "b", context, speaker, units(distinct ? 3 : 1), units(2));
    }
  }

  @Test
  void anotherSpeakersItemsAreX() throws IOException {
    ToyItems toy = new ToyItems();
    toy.add("f", "a", "x", "s", units(1)).add("f", "b", "x", "s", units(2));
    toy.add("g", "a", "x", "r", units(2)).add("g", "b", "x", "r", units(2));
    try (TokenSet set = read(toy, false)) {
      Abx.Score score = score(set, FrameDistance.IDENTITY, ACROSS);
      // A by s: X sounds like B for a, like A for b. A by r: A and B are the same.
      assertEquals((1 + 0.5) / 2, score.pairs().get(0).error(), 1e-12);
      assertEquals((0 + 0.5) / 2, score.pairs().get(1).error(), 1e-12);
      assertEquals(4, score.triplets());
    }
  }

  @Test
  void progressReachesTheNumberOfTripletsForetold() throws IOException {
    ToyItems toy = new ToyItems();
    for (int speaker = 0; speaker < 7; speaker++) {
      for (int phone = 0; phone < 20; phone++) {
        toy.add("f" + speaker, "p" + phone, "x", "s" + speaker, units(phone, 1));
        toy.add("f" + speaker, "p" + phone, "x", "s" + speaker, units(phone, 1));
      }
    }
    AbxConfig config = new AbxConfig(10, 5, 1);
    try (TokenSet set = read(toy, true)) {
      List<Long> seen = new ArrayList<>();
      Abx.Score score = Abx.score(set, FrameDistance.COSINE, ACROSS, config, seen::add);
      assertEquals(7L * 20 * 19 * 5, Abx.triplets(set, ACROSS, config));
      assertEquals(Abx.triplets(set, ACROSS, config), seen.getLast());
      assertEquals(seen.getLast(), score.triplets());
      assertTrue(seen.size() > 5, "told " + seen.size() + " times");
      assertEquals(7L * 20 * (2 * 2 + 19 * 4), Abx.comparisons(set, WITHIN, config));
    }
  }
}
