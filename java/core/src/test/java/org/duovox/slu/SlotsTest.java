package org.duovox.slu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.units.Toy;
import org.duovox.units.corpus.Corpus;
import org.junit.jupiter.api.Test;

class SlotsTest {
  private static final Slots TWO = new Slots(List.of("intent", "speaker"));

  @Test
  void oneColumnIsItself() {
    Slots one = Slots.of("intent");
    assertTrue(one.isSingle());
    assertEquals("intent", one.field());
    assertEquals(List.of("[odd"), one.values("[odd"));
    Corpus corpus = Toy.corpus(4, 9, 7);
    assertSame(corpus, one.joined(corpus, Gold.KNOWN));
    assertThrows(DuovoxException.class, () -> new Slots(List.of()));
    assertThrows(DuovoxException.class, () -> new Slots(List.of("a", "a")));
  }

  @Test
  void severalColumnsAreAFieldOfTheirOwn() {
    assertEquals(TWO, Slots.of(TWO.field()));
    Corpus joined = TWO.joined(Toy.corpus(4, 9, 7), Gold.KNOWN);
    String label = joined.utterance(1).fields().get(TWO.field());
    assertEquals(List.of("down", "s1"), TWO.values(label));
    DuovoxException unseen =
        assertThrows(
            DuovoxException.class,
            () ->
                new IntentData(TWO.field(), List.of("[\"up\",\"s0\"]")).label(joined.utterance(1)));
    assertEquals(
        "u1: its intent + speaker 'down + s1' does not occur among the training utterances (up +"
            + " s0)",
        unseen.getMessage());
    DuovoxException missing =
        assertThrows(
            DuovoxException.class,
            () -> new Slots(List.of("intent", "slot")).joined(joined, Gold.KNOWN));
    assertTrue(missing.getMessage().contains("u0 has no field 'slot'"), missing.getMessage());
  }

  @Test
  void probabilitiesOfAColumnAreSumsOverCombinations() {
    List<String> labels = List.of("[\"on\",\"a\"]", "[\"on\",\"b\"]", "[\"off\",\"b\"]");
    List<Double> scores = List.of(Math.log(0.3), Math.log(0.3), Math.log(0.4));
    Answer answer = TWO.answer(new Prediction("u", labels.get(0), labels.get(2), scores), labels);
    Answer.Slot first = answer.slots().getFirst();
    assertEquals(0.6, first.probabilities().get("on"), 1e-12);
    assertEquals("off", first.predicted(), "that of the likeliest combination");
    assertEquals(0.7, answer.slots().getLast().probabilities().get("b"), 1e-12);
    assertFalse(answer.correct());
    assertEquals("a", answer.slots().getLast().gold());
  }

  @Test
  void copiesAreJoinedByTheMeanOfTheirLogProbabilities() {
    Corpus corpus = Toy.corpus(1, 9, 7);
    var original = corpus.utterance(0);
    var copy =
        Toy.utterance("u0+20", new int[] {1, 2}, 7, Map.of("shifted_from", "u0", "intent", "up"));
    Answer one = new Answer("u0", List.of(slot(0.9)));
    Answer two = new Answer("u0+20", List.of(slot(0.2)));
    List<Answer> joined = Answer.joinCopies(List.of(one, two), List.of(original, copy));
    assertEquals(1, joined.size());
    double up = Math.sqrt(0.9 * 0.2);
    double down = Math.sqrt(0.1 * 0.8);
    Answer.Slot slot = joined.getFirst().slots().getFirst();
    assertEquals(up / (up + down), slot.probabilities().get("up"), 1e-12);
    assertEquals("up", slot.predicted());
    assertTrue(joined.getFirst().correct());
  }

  private static Answer.Slot slot(double up) {
    return Answer.Slot.of(
        "intent",
        "up",
        new java.util.TreeMap<>(Map.of("up", Math.log(up), "down", Math.log(1 - up))));
  }
}
