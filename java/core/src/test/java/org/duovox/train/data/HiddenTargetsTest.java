package org.duovox.train.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.duovox.io.json.Json;
import org.duovox.model.ModelConfig;
import org.duovox.model.ModelConfig.Kind;
import org.duovox.model.ToyModel;
import org.duovox.speech.ReceptiveField;
import org.duovox.train.ToyTraining;
import org.duovox.train.data.HiddenTargets.Shares;
import org.duovox.train.log.TrainListener;
import org.duovox.units.Toy;
import org.duovox.units.UnitStream;
import org.duovox.units.corpus.Corpus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HiddenTargetsTest {
  private static final ReceptiveField EMBEDDING = ReceptiveField.around(775);
  private static final ReceptiveField BLOCK2 = ReceptiveField.around(155);

  @TempDir Path folder;

  /// Twelve tokens of 80 ms are masked, 5 to 16; frames within 387.5 ms of 4 and 17 are seen.
  @Test
  void onlyTheMiddleOfALongSpanIsOutOfSight() {
    Rows rows = Rows.even(20);
    mask(rows, 5, 16);
    rows.hideUnits(5, 16);
    rows.target(2, rows.slot.contextual().get(2)); // Kept.
    Shares found = measured(rows, EMBEDDING, BLOCK2);
    assertEquals(13, found.targets());
    assertEquals(1, found.kept());
    assertEquals(4, found.hidden()); // 9 to 12.
    assertEquals(12, found.phoneticMasked());
    assertEquals(10, found.phoneticHidden()); // 6 to 15: a unit beside sees 77.5 ms.
    assertEquals(4, found.hiddenInBoth());
    assertEquals(960, found.meanGapMs());
    assertTrue(found.text().startsWith("truly hidden are 30.8 % of 13 targets"), found.text());
    String warning = found.warning().orElseThrow();
    assertTrue(warning.contains("61.5 % of 13") && warning.contains("span_ms to 1550"), warning);
  }

  @Test
  void visiblePhoneticUnitsGiveTargetsAway() {
    Rows rows = Rows.even(20);
    mask(rows, 1, 20);
    rows.slot.phonetic().put(40, 3);
    Shares found = measured(rows, EMBEDDING, BLOCK2);
    assertEquals(20, found.hidden());
    assertEquals(0, found.phoneticMasked());
    assertEquals(0, found.hiddenInBoth());
    assertTrue(found.warning().isEmpty());
  }

  /// A random code shows nothing of the truth.
  @Test
  void aReplacedTokenIsNotVisible() {
    Rows rows = Rows.even(20);
    mask(rows, 5, 16);
    rows.slot.contextual().put(10, (rows.slot.targets().get(10) + 1) % 50);
    assertEquals(4, measured(rows, EMBEDDING, BLOCK2).hidden());
    rows.slot.contextual().put(10, rows.slot.targets().get(10));
    Shares found = measured(rows, EMBEDDING, BLOCK2);
    assertEquals(1, found.kept());
    assertEquals(0, found.hidden());
    assertEquals(440, found.meanGapMs()); // Of 400 and 480 ms.
  }

  @Test
  void durationsCountInFrames() {
    Rows rows = new Rows(1, 5, 1, 5, 1);
    mask(rows, 2, 4);
    // Token 3 is 6 frames from each side; 2 and 4 are one frame from one.
    assertEquals(1, measured(rows, EMBEDDING, BLOCK2).hidden());
    assertEquals(0, measured(rows, ReceptiveField.around(960), BLOCK2).hidden());
    assertEquals(3, measured(rows, ReceptiveField.around(159), BLOCK2).hidden());
  }

  @Test
  void whatSeesEverythingBeforeHidesOnlyTheEnd() {
    ReceptiveField context = new ReceptiveField(Double.POSITIVE_INFINITY, 14.5);
    Rows rows = Rows.even(20);
    mask(rows, 5, 8);
    mask(rows, 18, 20);
    Shares found = measured(rows, context, null);
    assertEquals(7, found.targets());
    assertEquals(3, found.hidden());
    assertNull(found.phoneticMasked());
    assertTrue(found.warning().isEmpty(), "nothing helps");
    assertTrue(
        measured(rows, ReceptiveField.UTTERANCE, BLOCK2).text().contains("none can be"),
        "attention");
  }

  @Test
  void aTrainingTellsWarnsAndWrites() {
    Corpus corpus = Toy.seeing(Toy.corpus(24, 9, 7), EMBEDDING, BLOCK2);
    List<String> told = new ArrayList<>();
    train("seen", ToyModel.dual(), corpus, told, "masking.phonetic=masked");
    assertTrue(
        told.stream().anyMatch(t -> t.startsWith("remark truly hidden are")), told::toString);
    assertTrue(
        told.stream().anyMatch(t -> t.startsWith("warning most targets are in plain sight")),
        told::toString);
    Shares seen = Json.read(folder.resolve("seen/masking.json"), Shares.class);
    assertEquals(seen.targets() - seen.kept(), seen.phoneticMasked());
    assertTrue(seen.phoneticHidden() < seen.phoneticMasked());
    told.clear();
    train("margin", ToyModel.dual(), corpus, told, "masking.phonetic=margin");
    Shares margin = Json.read(folder.resolve("margin/masking.json"), Shares.class);
    assertEquals(margin.targets() - margin.kept(), margin.phoneticHidden());
  }

  /// A joint sequence hides the units of a masked token together with it.
  @Test
  void jointSequencesAndSingleStreams() {
    Corpus corpus = Toy.seeing(Toy.corpus(24, 9, 7), EMBEDDING, BLOCK2);
    List<String> told = new ArrayList<>();
    ModelConfig joint = ToyModel.config(Kind.JOINT, UnitStream.CONTEXTUAL);
    train("joint", joint, corpus, told, "masking.phonetic=margin");
    Shares found = Json.read(folder.resolve("joint/masking.json"), Shares.class);
    assertEquals(found.targets() - found.kept(), found.phoneticHidden());
    ModelConfig phonetic = ToyModel.dual().singleOn(UnitStream.PHONETIC);
    train("phonetic", phonetic, corpus, told, "masking.span_ms=400", "masking.probability=0.9");
    Shares alone = Json.read(folder.resolve("phonetic/masking.json"), Shares.class);
    assertEquals(BLOCK2, alone.contextualMs());
    assertNull(alone.phoneticMasked());
    assertTrue(alone.hidden() > 0, alone.text());
    train("unknown", ToyModel.dual(), Toy.corpus(24, 9, 7), told);
    assertTrue(Files.notExists(folder.resolve("unknown/masking.json")));
  }

  private void train(
      String name, ModelConfig model, Corpus corpus, List<String> told, String... settings) {
    List<String> all = new ArrayList<>(List.of("steps=1"));
    all.addAll(List.of(settings));
    TrainListener listener =
        new TrainListener() {
          @Override
          public void remark(String text) {
            told.add("remark " + text);
          }

          @Override
          public void warning(String text) {
            told.add("warning " + text);
          }
        };
    ToyTraining.train(
        ToyTraining.config(all.toArray(String[]::new)),
        model,
        corpus,
        folder.resolve(name),
        listener);
  }

  private static void mask(Rows rows, int from, int to) {
    for (int t = from; t <= to; t++) {
      rows.target(t, Rows.IDS.mask());
    }
  }

  private static Shares measured(Rows rows, ReceptiveField contextual, ReceptiveField phonetic) {
    HiddenTargets targets = new HiddenTargets(rows.corpus(contextual, phonetic), Rows.IDS, 100);
    targets.see(rows.slot, rows.shape, 0, rows.window, rows.utterance);
    return targets.shares();
  }
}
