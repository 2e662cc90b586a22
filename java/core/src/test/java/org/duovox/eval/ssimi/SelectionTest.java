package org.duovox.eval.ssimi;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BiConsumer;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.eval.Centering;
import org.duovox.eval.Distance;
import org.duovox.eval.PooledTokens;
import org.duovox.eval.Pooling;
import org.duovox.eval.Ssimi.SameClass;
import org.duovox.eval.SsimiData;
import org.duovox.eval.SsimiData.Pair;
import org.duovox.eval.SsimiData.Token;
import org.junit.jupiter.api.Test;

/// The choice is made on dev alone, and test is looked at once, afterwards.
class SelectionTest {
  private static final int WORDS = 6;

  /// Systems in memory that write down what they are asked for. "good" knows the words of dev, and
  /// nothing of test; "tempting" the other way round.
  private static class Recorded implements Systems {
    private final List<String> asked = new ArrayList<>();

    @Override
    public void require(Subset subset, SsimiData data) {
      asked.add("require " + subset);
    }

    @Override
    public void each(
        Subset subset,
        SsimiData data,
        List<Pooling> poolings,
        BiConsumer<String, PooledTokens> sink) {
      asked.add("each " + subset);
      for (String system : List.of("bad", "tempting", "good", "zero")) {
        poolings.forEach(pooling -> sink.accept(system, vectors(system, subset, data, pooling)));
      }
    }

    @Override
    public PooledTokens of(String system, Subset subset, SsimiData data, Pooling pooling) {
      asked.add(system + " " + subset);
      return vectors(system, subset, data, pooling);
    }

    private static PooledTokens vectors(
        String system, Subset subset, SsimiData data, Pooling pooling) {
      boolean knows = system.equals(subset == Subset.DEV ? "good" : "tempting");
      Map<Token, double[]> vectors = new HashMap<>();
      for (Token token : data.tokens()) {
        int word = Integer.parseInt(token.word());
        double place = knows ? word : (word * 7 + system.length()) % 5;
        double[] vector = {1, place};
        vectors.put(token, system.equals("zero") ? new double[2] : vector);
      }
      return new PooledTokens(pooling, vectors);
    }
  }

  private static SsimiData data() {
    List<Token> tokens = new ArrayList<>();
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < WORDS; i++) {
      tokens.add(new Token("synthetic", "f" + i, "v", "" + i));
      for (int j = 0; j < i; j++) {
        pairs.add(new Pair("synthetic", "d", "" + i, "" + j, WORDS - (i - j)));
      }
    }
    return new SsimiData(tokens, pairs);
  }

  private static Selection select(
      Systems systems, SsimiData dev, SsimiData test, Selection.Options options) {
    return Selection.of(systems, dev, test, options, tried -> {});
  }

  private static Selection.Options options(Selection.By by, Distance... metrics) {
    return new Selection.Options(
        List.of(Pooling.MEAN, Pooling.MAX),
        List.of(metrics),
        Centering.NONE,
        by,
        by == Selection.By.AUC ? new SameClass(OptionalDouble.of(5)) : null,
        3);
  }

  @Test
  void choosesOnDevAndScoresTestOnceWithThat() {
    Recorded systems = new Recorded();
    Selection selection =
        select(
            systems,
            data(),
            data(),
            options(Selection.By.CORRELATION, Distance.EUCLIDEAN, Distance.COSINE));
    assertEquals(
        List.of("require DEV", "require TEST", "each DEV", "good DEV", "good TEST"), systems.asked);
    assertEquals("good", selection.chosen().system());
    assertEquals(100, selection.chosen().score(), 1e-9);
    assertEquals(16, selection.tried(), "4 systems, 2 poolings, 2 distances");
    // Of "zero" all Euclidean distances are equal and all cosines undefined.
    assertEquals(4, selection.undefined());
    assertEquals(12, selection.candidates().size());
    assertEquals(100, selection.dev().correlations().get("synthetic/d"), 1e-9);
    assertTrue(
        selection.test().correlations().get("synthetic/d") < 60, "a score of test may be bad");
  }

  @Test
  void ofEqualsTheFirstTriedIsChosen() {
    Selection selection =
        select(
            new Recorded(),
            data(),
            null,
            options(Selection.By.CORRELATION, Distance.SQEUCLIDEAN, Distance.EUCLIDEAN));
    assertEquals("good, mean pooling, sqeuclidean distance", selection.chosen().label());
    assertNull(selection.test());
  }

  @Test
  void choosesByTheAreaUnderTheCurve() {
    Selection selection =
        select(new Recorded(), data(), data(), options(Selection.By.AUC, Distance.EUCLIDEAN));
    assertEquals("good", selection.chosen().system());
    assertEquals(1, selection.chosen().score(), 1e-12);
    assertEquals(1, selection.dev().areas().get("synthetic/d").value(), 1e-12);
    assertTrue(selection.test().areas().containsKey("synthetic/d"));
  }

  @Test
  void refusesMissingWordsOfTestBeforeAnythingIsComputed() {
    Recorded systems =
        new Recorded() {
          @Override
          public void require(Subset subset, SsimiData data) {
            super.require(subset, data);
            if (subset == Subset.TEST) {
              throw DuovoxException.missing("no such folder: test");
            }
          }
        };
    assertFails(
        Kind.MISSING_INPUT,
        () -> select(systems, data(), data(), options(Selection.By.CORRELATION, Distance.COSINE)),
        "no such folder: test");
    assertEquals(List.of("require DEV", "require TEST"), systems.asked);
  }

  @Test
  void refusesAChoiceAmongNothing() {
    Pair pair = new Pair("synthetic", "d", "0", "1", 1);
    SsimiData one = new SsimiData(data().tokens(), List.of(pair));
    assertFails(
        Kind.BAD_DATA,
        () -> select(new Recorded(), one, null, options(Selection.By.CORRELATION, Distance.COSINE)),
        "none of the 8 combinations has a defined score on dev");
  }
}
