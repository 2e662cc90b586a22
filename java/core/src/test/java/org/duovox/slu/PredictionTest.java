package org.duovox.slu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.duovox.audio.manifest.Utterance;
import org.duovox.units.corpus.UnitUtterance;
import org.junit.jupiter.api.Test;

class PredictionTest {
  @Test
  void answersForCopiesAreJoinedByTheirMeanLogProbability() {
    List<UnitUtterance> corpus = List.of(units("1", null), units("1+20ms", "1"), units("2", null));
    Prediction alone = new Prediction("2", "b", "b", List.of(-2.0, -0.2));
    List<Prediction> copies =
        List.of(
            new Prediction("1", "a", "a", List.of(-0.1, -3.0)),
            new Prediction("1+20ms", "a", "b", List.of(-4.0, -0.01)),
            alone);
    List<Prediction> joined = Prediction.joinCopies(List.of("a", "b"), copies, corpus);
    assertEquals(List.of("1", "2"), joined.stream().map(Prediction::id).toList());
    assertEquals("b", joined.getFirst().predicted());
    assertEquals(-2.05, joined.getFirst().scores().getFirst(), 1e-12);
    assertEquals(alone, joined.getLast());
  }

  private static UnitUtterance units(String id, String original) {
    Map<String, String> fields = original == null ? Map.of() : Map.of(Utterance.COPY_OF, original);
    int[] none = {};
    return new UnitUtterance(id, new int[] {1}, new int[] {1}, none, none, none, 16_000, fields);
  }
}
