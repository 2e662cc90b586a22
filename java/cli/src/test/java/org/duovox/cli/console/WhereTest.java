package org.duovox.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WhereTest {
  @Test
  void allConditionsMustHoldEachWithAnyOfItsValues() {
    Where where = new Where(List.of("speaker=theo,lucas", "split=train"));
    assertTrue(where.fields().test(Map.of("speaker", "lucas", "split", "train")));
    assertFalse(where.fields().test(Map.of("speaker", "lucas", "split", "test")));
    assertFalse(where.fields().test(Map.of("speaker", "george", "split", "train")));
    assertFalse(where.fields().test(Map.of("split", "train")));
    assertTrue(new Where(List.of()).fields().test(Map.of()));
  }

  @Test
  void saysWhatThereIsInstead() {
    Where where = new Where(List.of("split=tset"));
    String message =
        where
            .nothing("corpus", Stream.of(Map.of("split", "test"), Map.of("split", "train")))
            .getMessage();
    assertEquals("corpus: no utterance has split = tset; there is test, train", message);
    assertTrue(
        where
            .nothing("corpus", Stream.of(Map.of("speaker", "x")))
            .getMessage()
            .contains("[speaker]"));
  }
}
