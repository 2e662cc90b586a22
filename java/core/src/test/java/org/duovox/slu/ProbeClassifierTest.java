package org.duovox.slu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.io.json.Json;
import org.duovox.model.ToyModel;
import org.duovox.model.UnitModel;
import org.duovox.model.embed.EmbedConfig;
import org.duovox.model.embed.Embedder;
import org.duovox.slu.LayerProbe.Scaling;
import org.duovox.units.SplitMix;
import org.duovox.units.Toy;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbeClassifierTest {
  private static final Slots SLOTS = new Slots(List.of("range", "end"));
  private static final ProbeConfig CONFIG = ProbeConfig.defaults().with(draft -> draft.epochs = 40);

  private final Corpus corpus = corpus(200);
  private final Corpus training = corpus.select(IntStream.range(0, 150));
  private final Corpus test = corpus.select(IntStream.range(150, 200));

  @TempDir Path folder;
  private Path pretrained;

  /// Utterances with two labels: whether their codes are low or high, and their commonest code.
  private static Corpus corpus(int size) {
    SplitMix draws = SplitMix.of(3);
    List<UnitUtterance> utterances = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int first = i % 2 == 0 ? 0 : 5;
      int end = draws.nextInt(2);
      int[] tokens =
          IntStream.range(0, 8)
              .map(t -> t < 4 ? first + draws.nextInt(4) : first + 3 * end)
              .toArray();
      Map<String, String> fields =
          Map.of("range", i % 2 == 0 ? "low" : "high", "end", "e" + end, "speaker", "s" + i % 4);
      utterances.add(Toy.utterance("v" + i, tokens, 7, fields));
    }
    Corpus toy = Toy.corpus(1, 9, 7);
    return Corpus.of(toy.contextual(), toy.phonetic().orElseThrow(), utterances);
  }

  @BeforeEach
  void pretrain() {
    pretrained = folder.resolve("pretrained");
    try (UnitModel model = ToyModel.model(corpus)) {
      model.save(pretrained);
    }
  }

  private ProbeClassifier.Fitted train(ProbeConfig config, String name) {
    return ProbeClassifier.train(
        pretrained, training, SLOTS, config, Device.CPU, folder.resolve(name), layer -> {});
  }

  @Test
  void learnsTwoColumnsOnFrozenStates() {
    ProbeClassifier.Fitted fitted = train(CONFIG, "probe");
    assertEquals(List.of(0, 1), fitted.layers());
    assertEquals(1, fitted.shares().stream().mapToDouble(s -> s).sum(), 1e-9);
    assertEquals(List.of("high", "low"), fitted.labels().get("range"));
    assertTrue(fitted.accuracy() > 0.95, fitted.toString());
    List<Answer> answers =
        ProbeClassifier.evaluate(
            folder.resolve("probe"), test, Gold.KNOWN, Device.CPU, layer -> {});
    assertEquals("v150", answers.getFirst().id());
    assertTrue(answers.stream().filter(Answer::correct).count() > 45, answers.toString());
    Answer.Slot slot = answers.getFirst().slots().getFirst();
    assertEquals(1, slot.probabilities().values().stream().mapToDouble(p -> p).sum(), 1e-9);
    assertEquals(SLOTS, ProbeClassifier.slots(folder.resolve("probe")));
  }

  @Test
  void theSameSeedGivesTheSameBytes() throws IOException {
    train(CONFIG, "a");
    train(CONFIG, "b");
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("a/probe.safetensors")),
        Files.readAllBytes(folder.resolve("b/probe.safetensors")));
    try (UnitModel before = UnitModel.load(pretrained, Device.CPU);
        UnitModel after = UnitModel.load(folder.resolve("a"), Device.CPU)) {
      for (String name : before.tensors()) {
        assertArrayEquals(before.read(name), after.read(name), name);
      }
    }
  }

  @Test
  void statesArePooledAsTheClassificationHeadPools() {
    try (UnitModel model = UnitModel.load(pretrained, Device.CPU)) {
      PooledStates states = PooledStates.of(model, test, CONFIG, layer -> {});
      assertEquals(2, states.layers());
      assertEquals(64, states.width());
      Embedder.Embedding last =
          new Embedder(model, new EmbedConfig(1, EmbedConfig.Channel.BOTH, true, 1))
              .embed(test)
              .getFirst();
      double sum = 0;
      for (int row = 0; row < last.rows(); row++) {
        sum += last.values()[row * 64 + 5];
      }
      assertEquals(sum / last.rows(), states.values()[0][64 + 5], 1e-5);
    }
  }

  @Test
  void theLayerThatTellsClassesApartGetsTheWeight() {
    SplitMix draws = SplitMix.of(5);
    float[][] values = new float[80][3 * 4];
    List<List<String>> gold = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      for (int d = 0; d < 12; d++) {
        values[i][d] = (float) draws.nextGaussian();
      }
      values[i][6] += i % 2 == 0 ? 3 : -3; // A value of the second layer.
      gold.add(List.of(i % 2 == 0 ? "a" : "b"));
    }
    PooledStates states = new PooledStates(3, 4, values);
    LayerProbe probe = ProbeFit.fit(CONFIG, states, Scaling.of(states), Slots.of("x"), gold);
    assertTrue(probe.shares()[1] > 0.7, java.util.Arrays.toString(probe.shares()));
  }

  @Test
  void balancingHelpsTheRareClass() {
    SplitMix draws = SplitMix.of(6);
    float[][] values = new float[220][1];
    List<List<String>> gold = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      boolean rare = i % 11 == 0;
      values[i][0] = (float) (draws.nextGaussian() + (rare ? 1.5 : 0));
      gold.add(List.of(rare ? "rare" : "usual"));
    }
    PooledStates states = new PooledStates(1, 1, values);
    assertTrue(recalled(states, gold, true) >= 12, "balanced");
    assertTrue(recalled(states, gold, false) <= 6, "as they come");
  }

  private static long recalled(PooledStates states, List<List<String>> gold, boolean balance) {
    LayerProbe probe =
        ProbeFit.fit(
            CONFIG.with(draft -> draft.balance = balance),
            states,
            Scaling.of(states),
            Slots.of("x"),
            gold);
    return IntStream.range(0, gold.size())
        .filter(i -> gold.get(i).equals(List.of("rare")))
        .filter(i -> probe.isRight(gold.get(i), states.values()[i]))
        .count();
  }

  @Test
  void unseenLabelsAreRefusedOrWrongAndUnlabeledUtterancesPredicted() {
    train(CONFIG, "probe");
    List<UnitUtterance> odd = new ArrayList<>(test.utterances());
    odd.set(2, test.utterance(2).with(Map.of("range", "middle", "end", "e0")));
    Corpus strange = Corpus.of(corpus.contextual(), corpus.phonetic().orElseThrow(), odd);
    Path probe = folder.resolve("probe");
    DuovoxException refused =
        assertThrows(
            DuovoxException.class,
            () -> ProbeClassifier.evaluate(probe, strange, Gold.KNOWN, Device.CPU, l -> {}));
    assertTrue(
        refused.getMessage().startsWith("v152: its range 'middle' does not occur"),
        refused.getMessage());
    Answer wrong =
        ProbeClassifier.evaluate(probe, strange, Gold.UNSEEN_IS_WRONG, Device.CPU, l -> {}).get(2);
    assertFalse(wrong.correct());
    assertTrue(wrong.slots().getFirst().isUnseen());
    Corpus bare = corpus.map(utterance -> utterance.with(Map.of()));
    assertEquals(200, ProbeClassifier.evaluate(probe, bare, Gold.NONE, Device.CPU, l -> {}).size());
  }

  @Test
  void whatCannotBeTrainedIsNamed() {
    Corpus lows = training.filter(u -> u.fields().get("range").equals("low"));
    DuovoxException one =
        assertThrows(
            DuovoxException.class,
            () ->
                ProbeClassifier.train(
                    pretrained, lows, SLOTS, CONFIG, Device.CPU, folder.resolve("x"), l -> {}));
    assertTrue(one.getMessage().contains("1 value(s) of 'range'"), one.getMessage());
    assertFalse(Files.exists(folder.resolve("x")));
    for (String layers : List.of("2", "0,0", "last", "")) {
      assertThrows(
          DuovoxException.class, () -> train(CONFIG.with(draft -> draft.layers = layers), "y"));
    }
    assertEquals(List.of(1), train(CONFIG.with(draft -> draft.layers = "-1"), "z").layers());
  }

  @Test
  void aProbeOfAnotherModelIsRefused() throws IOException {
    train(CONFIG, "probe");
    train(CONFIG.with(draft -> draft.layers = "1"), "other");
    Files.copy(
        folder.resolve("other/probe.safetensors"),
        folder.resolve("probe/probe.safetensors"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    DuovoxException refused =
        assertThrows(
            DuovoxException.class,
            () ->
                ProbeClassifier.evaluate(
                    folder.resolve("probe"), test, Gold.KNOWN, Device.CPU, l -> {}));
    assertTrue(refused.getMessage().contains("not of the same probe"), refused.getMessage());
  }

  @Test
  void aCardNamesEachFieldOnceWithItsLabels() {
    String card =
        """
        {"format": "duovox-probe", "version": 1, "probe": %s, "columns": [%s], "layers": [0], "width": 4, "utterances": 9}
        """;
    String column = "{\"field\": \"end\", \"labels\": [\"e0\", \"e1\"]}";
    for (String columns :
        List.of(
            column + ", " + column,
            "null",
            "{\"field\": \"end\"}",
            column.replace("\"e0\"", "null"))) {
      DuovoxException e =
          assertThrows(
              DuovoxException.class,
              () ->
                  Json.parse(
                      card.formatted(Json.line(CONFIG), columns),
                      ProbeFiles.Card.class,
                      "probe.json"));
      assertEquals(DuovoxException.Kind.BAD_DATA, e.kind(), columns);
      assertTrue(e.getMessage().startsWith("probe.json:1:"), e.getMessage());
    }
    Json.parse(card.formatted(Json.line(CONFIG), column), ProbeFiles.Card.class, "probe.json");
  }
}
