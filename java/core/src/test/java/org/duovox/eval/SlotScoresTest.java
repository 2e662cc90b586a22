package org.duovox.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.duovox.eval.SlotScores.Predicted;
import org.duovox.eval.SlotScores.Value;
import org.junit.jupiter.api.Test;

class SlotScoresTest {
  private static final Predicted PLACE =
      new Predicted(
          "place",
          List.of("kitchen", "none", "none", "hall", "kitchen"),
          List.of("kitchen", "none", "hall", "none", "hall"));
  private static final Predicted ACTION =
      new Predicted(
          "action",
          List.of("on", "on", "off", "off", "on"),
          List.of("on", "off", "off", "off", "on"));

  @Test
  void scoresByHand() {
    SlotScores scores = SlotScores.of(List.of(ACTION, PLACE), List.of(), "none", 0);
    assertEquals(1 / 5.0, scores.exactMatch().value(), 1e-12);
    SlotScores.Column action = scores.columns().getFirst();
    assertEquals(4 / 5.0, action.accuracy().value(), 1e-12);
    // on: 3 gold, 2 predicted, 2 correct: 4/5; off: 2, 3, 2: 4/5.
    assertEquals(0.8, action.macroF1().value(), 1e-12);
    assertNull(action.slotF1(), "no value stands for 'not there'");
    SlotScores.Column place = scores.columns().getLast();
    // kitchen: 2, 1, 1: 2/3; none: 2, 2, 1: 1/2; hall: 1, 2, 0: 0.
    assertEquals((2 / 3.0 + 0.5) / 3, place.macroF1().value(), 1e-12);
    // Without none: 3 gold, 3 predicted, 1 correct.
    assertEquals(1 / 3.0, place.slotF1().value(), 1e-12);
    Value kitchen = place.values().get("kitchen");
    assertEquals(1, kitchen.precision());
    assertEquals(0.5, kitchen.recall());
  }

  @Test
  void speakersGiveFurtherIntervals() {
    List<String> two = List.of("a", "a", "b", "b", "b");
    SlotScores scores = SlotScores.of(List.of(ACTION), two, "none", 0);
    assertEquals(2, scores.exactMatch().speakers().n());
    assertNotNull(scores.exactMatch().both());
    assertEquals(0.5, scores.exactMatch().speakers().low(), 1e-12, "speaker a twice");
    assertEquals(1, scores.exactMatch().speakers().high(), 1e-12, "speaker b twice");
    SlotScores one = SlotScores.of(List.of(ACTION), List.of("a", "a", "a", "a", "a"), "none", 0);
    assertNull(one.exactMatch().speakers(), "one speaker says nothing about others");
    assertTrue(one.exactMatch().utterances().low() < 0.8);
  }

  @Test
  void aValueThatIsOnlyPredictedCounts() {
    SlotScores scores =
        SlotScores.of(
            List.of(new Predicted("x", List.of("a", "a"), List.of("a", "b"))), List.of(), "", 0);
    assertEquals((2 / 3.0 + 0) / 2, scores.columns().getFirst().macroF1().value(), 1e-12);
    assertTrue(Double.isNaN(scores.columns().getFirst().values().get("b").recall()));
  }
}
