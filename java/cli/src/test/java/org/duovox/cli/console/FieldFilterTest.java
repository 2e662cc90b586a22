package org.duovox.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FieldFilterTest {
  @Test
  void allConditionsMustHoldEachWithAnyOfItsValues() {
    FieldFilter filter = new FieldFilter(List.of("speaker=theo,lucas", "split=train"));
    assertTrue(filter.matches(Map.of("speaker", "lucas", "split", "train")));
    assertFalse(filter.matches(Map.of("speaker", "lucas", "split", "test")));
    assertFalse(filter.matches(Map.of("speaker", "george", "split", "train")));
    assertFalse(filter.matches(Map.of("split", "train")));
    assertTrue(new FieldFilter(List.of()).matches(Map.of()));
  }

  @Test
  void saysWhatThereIsInstead() {
    FieldFilter filter = new FieldFilter(List.of("split=tset"));
    String message =
        filter
            .noMatch("corpus", Stream.of(Map.of("split", "test"), Map.of("split", "train")))
            .getMessage();
    assertEquals("corpus: no utterance has split = tset; there is test, train", message);
    assertTrue(
        filter
            .noMatch("corpus", Stream.of(Map.of("speaker", "x")))
            .getMessage()
            .contains("[speaker]"));
  }
}
