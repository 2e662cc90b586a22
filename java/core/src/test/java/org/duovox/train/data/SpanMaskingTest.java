package org.duovox.train.data;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.duovox.DuovoxException.Kind;
import org.duovox.speech.ReceptiveField;
import org.duovox.train.PretrainConfig;
import org.duovox.train.ToyTraining;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Spans: of tokens and of time, their fate, their inverse, and the phonetic units around them.
final class SpanMaskingTest {
  private static final ReceptiveField WIDE = ReceptiveField.around(775);
  private static final ReceptiveField NARROW = ReceptiveField.around(155);

  /// First and last target of each run of targets.
  private static List<int[]> runs(Rows rows, int tokens) {
    List<int[]> runs = new ArrayList<>();
    for (int t = 1; t <= tokens; t++) {
      if (rows.isTarget(t)) {
        int first = t;
        while (t < tokens && rows.isTarget(t + 1)) {
          t++;
        }
        runs.add(new int[] {first, t});
      }
    }
    return runs;
  }

  @ParameterizedTest
  @ValueSource(strings = {"masking.span_length=5", "masking.span_ms=400", "masking.inverse=true"})
  void aSpanIsKeptReplacedOrMaskedAsAWhole(String spans) {
    Rows rows = Rows.even(98);
    Masking masking =
        masking(rows, spans, "masking.probability=0.3", "masking.keep=0.3", "masking.random=0.3");
    int[] fates = new int[3];
    for (int epoch = 0; epoch < 400; epoch++) {
      apply(masking, rows, epoch);
      for (int[] run : runs(rows, 98)) {
        int masked = 0;
        int kept = 0;
        for (int t = run[0]; t <= run[1]; t++) {
          masked += rows.isMasked(t) ? 1 : 0;
          kept += rows.slot.contextual().get(t) == rows.slot.targets().get(t) ? 1 : 0;
        }
        int length = run[1] - run[0] + 1;
        assertTrue(masked == 0 || masked == length, masked + " of " + length + " masked");
        fates[masked > 0 ? 0 : kept == length ? 1 : 2]++;
      }
    }
    int all = fates[0] + fates[1] + fates[2];
    double deviation = Math.sqrt(0.4 * 0.6 / all);
    assertEquals(0.4, (double) fates[0] / all, 5 * deviation);
    // A code that is drawn at random is the true one in one of 50 cases.
    assertEquals(0.3, (double) fates[1] / all, 5 * deviation + 0.006);
  }

  @Test
  void spansOfTimeCoverItExactlyWhereTokensAreEven() {
    Rows rows = Rows.even(40);
    // 0.125 x 40 x 80 ms is one span of 400 ms.
    Masking masking = masking(rows, "masking.span_ms=400", "masking.probability=0.125");
    for (int epoch = 0; epoch < 300; epoch++) {
      assertEquals(5, apply(masking, rows, epoch), "epoch " + epoch);
      assertEquals(1, runs(rows, 40).size());
    }
  }

  @Test
  void spansOfTimeAreTheFewestTokensThatLastAsLong() {
    int[] durations = IntStream.range(0, 20).map(t -> 1 + t % 3).toArray();
    Rows rows = new Rows(durations);
    double all = IntStream.of(durations).sum() * Rows.FRAME_MS;
    Masking masking = masking(rows, "masking.span_ms=500", "masking.probability=" + 500 / all);
    int atTheEnd = 0;
    for (int epoch = 0; epoch < 300; epoch++) {
      apply(masking, rows, epoch);
      int[] run = runs(rows, 20).getFirst();
      double ms = 0;
      for (int t = run[0]; t <= run[1]; t++) {
        ms += durations[t - 1] * Rows.FRAME_MS;
      }
      double first = durations[run[0] - 1] * Rows.FRAME_MS;
      double last = durations[run[1] - 1] * Rows.FRAME_MS;
      assertTrue(ms >= 500, ms + " ms");
      assertTrue(ms - last < 500 || (run[1] == 20 && ms - first < 500), ms + " ms");
      atTheEnd += run[1] == 20 ? 1 : 0;
    }
    assertTrue(atTheEnd > 30, atTheEnd + " spans reached the end");
  }

  @Test
  void aRowShorterThanASpanIsHiddenOrHasOneTarget() {
    Rows rows = Rows.even(10);
    Masking masking = masking(rows, "masking.span_ms=1600", "masking.probability=0.5");
    int whole = 0;
    for (int epoch = 0; epoch < 1000; epoch++) {
      int targets = apply(masking, rows, epoch);
      assertTrue(targets == 1 || targets == 10, targets + " targets");
      whole += targets == 10 ? 1 : 0;
    }
    // The expected number of spans is 0.5 x 800 / 1600.
    assertEquals(0.25, whole / 1000.0, 5 * Math.sqrt(0.25 * 0.75 / 1000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"masking.span_length=5", "masking.span_ms=400"})
  void visibleIslandsLeaveExactlyTheTargets(String spans) {
    Rows rows = Rows.even(98);
    Masking masking = masking(rows, spans, "masking.inverse=true", "masking.probability=0.6");
    for (int epoch = 0; epoch < 200; epoch++) {
      assertEquals(60, apply(masking, rows, epoch));
      List<int[]> hidden = runs(rows, 98);
      int shorter = 0;
      int before = 1;
      for (int[] run : hidden) {
        shorter += run[0] > before && run[0] - before < 5 ? 1 : 0;
        before = run[1] + 1;
        assertTrue(rows.isMasked(run[0]));
      }
      // The last island is cut; one at the end of the row is behind the last hidden run.
      assertTrue(shorter <= 1, shorter + " islands of less than 5 tokens");
    }
  }

  @ParameterizedTest
  @CsvSource({"155, 155, 4, 4", "75, 75, 2, 2", "0, 60, 0, 2", "160, 0, 4, 0", "0, 0, 0, 0"})
  void marginsReachAsFarAsPhoneticFramesSee(
      double before, double after, int unitsAfter, int unitsBefore) {
    Rows rows = Rows.even(10);
    ReceptiveField field = new ReceptiveField(before / 2, after / 2);
    Masking masking =
        new Masking(
            config("masking.probability=0.08", "masking.keep=0", "masking.phonetic=margin"),
            rows.corpus(WIDE, field),
            Rows.IDS,
            100,
            100);
    for (int epoch = 0; epoch < 40; epoch++) {
      assertEquals(1, apply(masking, rows, epoch));
      int token = runs(rows, 10).getFirst()[0];
      int from = Math.max(0, 4 * (token - 1) - unitsBefore);
      int to = Math.min(40, 4 * token + unitsAfter);
      assertArrayEquals(IntStream.range(from, to).toArray(), rows.hiddenUnits(), "token " + token);
    }
  }

  @Test
  void theEarlierNameMasksTheUnitsOfTheTokenAlone() {
    for (String setting : List.of("masking.mask_phonetic=true", "masking.phonetic=masked")) {
      Rows rows = Rows.even(10);
      Masking masking = masking(rows, "masking.probability=0.08", setting);
      apply(masking, rows, 0);
      int token = runs(rows, 10).getFirst()[0];
      assertArrayEquals(
          IntStream.range(4 * token - 4, 4 * token).toArray(), rows.hiddenUnits(), setting);
    }
  }

  @Test
  void marginsNeedABoundedFieldThatIsKnown() {
    Masking.Config margin = config("masking.phonetic=margin");
    Rows rows = Rows.even(4);
    assertFails(
        Kind.BAD_CONFIG,
        () -> margin.requireFit(rows.corpus(WIDE, null)),
        "toy fine",
        "masking.phonetic",
        "make features, units and corpus again");
    assertFails(
        Kind.BAD_CONFIG,
        () -> margin.requireFit(rows.corpus(WIDE, ReceptiveField.UTTERANCE)),
        "the whole utterance");
    margin.requireFit(rows.corpus(null, NARROW));
    // A model on one stream has no units to hide.
    margin.requireFit(rows.corpus(null, null).single(org.duovox.units.UnitStream.CONTEXTUAL));
  }

  @Test
  void impossibleSettingsAreRefused() {
    assertFails(
        Kind.BAD_CONFIG,
        () -> config("masking.span_ms=400", "masking.span_length=3"),
        "span_ms and span_length");
    assertFails(Kind.BAD_CONFIG, () -> config("masking.span_ms=-1"), "span_ms must be 0 (off)");
    assertFails(Kind.BAD_CONFIG, () -> config("masking.phonetic=hidden"), "margin");
    assertFails(Kind.BAD_CONFIG, () -> config("crop_tokens=-1"), "crop_tokens must be 0");
  }

  private static Masking.Config config(String... settings) {
    PretrainConfig config = ToyTraining.config(settings);
    return config.masking();
  }

  private static Masking masking(Rows rows, String... settings) {
    List<String> all = new ArrayList<>(List.of("masking.keep=0"));
    all.addAll(List.of(settings));
    Masking.Config config = config(all.toArray(String[]::new));
    return new Masking(config, rows.corpus(WIDE, NARROW), Rows.IDS, 100, 100);
  }

  private static int apply(Masking masking, Rows rows, int epoch) {
    rows.write();
    return masking.needsTimes()
        ? masking.apply(rows.slot, rows.shape, 0, epoch, rows.window, rows.utterance)
        : masking.apply(rows.slot, rows.shape, 0, epoch, 0);
  }
}
