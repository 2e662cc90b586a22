package org.duovox.slu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.model.ToyModel;
import org.duovox.model.UnitModel;
import org.duovox.slu.FewShotCurve.Point;
import org.duovox.slu.FewShotCurve.Request;
import org.duovox.slu.FewShotCurve.Weights;
import org.duovox.units.SplitMix;
import org.duovox.units.Toy;
import org.duovox.units.corpus.Corpus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FewShotCurveTest {
  private static final ProbeConfig PROBE =
      ProbeConfig.defaults()
          .with(draft -> {
            draft.epochs = 1;
            draft.minSteps = 20;
          });

  private final Corpus corpus = Toy.corpus(90, 9, 7);
  private final Corpus training = corpus.select(IntStream.range(0, 60));
  private final Corpus test = corpus.select(IntStream.range(60, 90));

  @TempDir Path folder;

  @BeforeEach
  void pretrain() {
    try (UnitModel model = ToyModel.model(corpus)) {
      model.save(folder.resolve("model"));
    }
  }

  private static Request request(Slots slots, List<Integer> shots) {
    return new Request(slots, shots, 3, true, "speaker", Gold.KNOWN, PROBE, null);
  }

  private List<Point> curve(Request request, Corpus on) {
    return FewShotCurve.of(
        folder.resolve("model"), training, on, request, Device.CPU, (done, all) -> {});
  }

  @Test
  void aCurveHasAPointForEachNumberOfShotsAndModel() {
    List<Point> points = curve(request(Slots.of("intent"), List.of(1, 5, FewShotCurve.ALL)), test);
    assertEquals(9, points.size());
    assertEquals(
        List.of(2, 10, 60), List.of(0, 3, 6).stream().map(i -> points.get(i).examples()).toList());
    for (int i = 0; i < points.size(); i += 3) {
      Point known = points.get(i);
      Point random = points.get(i + 1);
      Point difference = points.get(i + 2);
      assertEquals(Weights.PRETRAINED, known.weights());
      assertEquals(Weights.RANDOM, random.weights());
      assertEquals(
          known.exactMatch().value() - random.exactMatch().value(),
          difference.exactMatch().value(),
          1e-12);
      assertEquals(known.draws(), known.byDraw().size());
      assertEquals(3, known.exactMatch().n(), "speakers");
    }
    assertEquals(1, points.get(6).draws(), "there is one way to take all");
    assertEquals(points, curve(request(Slots.of("intent"), List.of(1, 5, FewShotCurve.ALL)), test));
  }

  @Test
  void aRandomModelIsAnotherThanThePretrainedOne() {
    // The toy model's own seed is 1: the "pretrained" one is then the random one.
    Request same =
        new Request(
            Slots.of("intent"),
            List.of(5),
            2,
            true,
            "speaker",
            Gold.KNOWN,
            PROBE.with(draft -> draft.seed = 1),
            null);
    List<Point> points = curve(same, test);
    assertEquals(points.get(0).byDraw(), points.get(1).byDraw());
    assertEquals(0, points.get(2).exactMatch().high());
  }

  @Test
  void aCurveOfFineTunedModels() {
    SluConfig tuning =
        SluConfig.defaults()
            .with(draft -> {
              draft.steps = 5;
              draft.threads = 1;
            });
    Request request =
        new Request(
            new Slots(List.of("intent", "speaker")),
            List.of(1, FewShotCurve.ALL),
            2,
            true,
            "speaker",
            Gold.KNOWN,
            PROBE,
            tuning);
    List<Point> points = curve(request, test);
    assertEquals(6, points.size());
    assertEquals(6, points.getFirst().examples(), "one of each combination");
    assertEquals(points, curve(request, test));
  }

  @Test
  void examplesAreDrawnByClassAndDiffer() {
    Slots slots = Slots.of("intent");
    Map<String, List<Integer>> byClass = ClassBalance.byClass(training, slots);
    int[] few = ClassBalance.few(byClass, 3, SplitMix.of(1));
    assertEquals(6, few.length);
    assertEquals(
        3,
        IntStream.of(few)
            .filter(i -> training.utterance(i).fields().get("intent").equals("up"))
            .count());
    assertTrue(!java.util.Arrays.equals(few, ClassBalance.few(byClass, 3, SplitMix.of(2))));
    assertEquals(60, ClassBalance.few(byClass, 1000, SplitMix.of(1)).length);
  }

  @Test
  void rareClassesAreRepeated() {
    Corpus uneven =
        training.filter(u -> u.fields().get("intent").equals("up") || u.id().endsWith("1"));
    Map<String, List<Integer>> before = ClassBalance.byClass(uneven, Slots.of("intent"));
    Corpus even = ClassBalance.repeatRare(uneven, Slots.of("intent"));
    Map<String, List<Integer>> after = ClassBalance.byClass(even, Slots.of("intent"));
    assertEquals(30, after.get("up").size());
    assertEquals(5 * before.get("down").size(), after.get("down").size());
  }

  @Test
  void partsThatOverlapAndUnseenLabelsAreRefused() {
    Request request = request(Slots.of("intent"), List.of(1));
    DuovoxException overlap = assertThrows(DuovoxException.class, () -> curve(request, training));
    assertTrue(
        overlap.getMessage().contains("in training and in test, e.g. u0"), overlap.getMessage());
    Corpus other = test.map(u -> u.with(Map.of("intent", "sideways")));
    DuovoxException unseen = assertThrows(DuovoxException.class, () -> curve(request, other));
    assertTrue(unseen.getMessage().startsWith("u60: its intent 'sideways'"), unseen.getMessage());
    assertThrows(DuovoxException.class, () -> request(Slots.of("intent"), List.of(0)));
  }
}
