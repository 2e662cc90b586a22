package org.duovox.report.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.duovox.recipe.Results;
import org.duovox.recipe.Results.Row;
import org.junit.jupiter.api.Test;

/// Which rows stand in the table, and which are its folds.
class ResultGroupTest {
  private static Row row(String split, double value) {
    return new Row("digit", "digits", split, "dual", "accuracy", value, value, value, 10, 1);
  }

  private static ResultGroup group(Row... rows) {
    return ResultGroup.of(List.of(rows)).getFirst();
  }

  @Test
  void theMeanOfSeveralFoldsStandsInTheTable() {
    ResultGroup group = group(row("a", 0.2), row("b", 0.4), row(Results.MEAN, 0.3));
    assertEquals(Results.MEAN, group.split());
    assertEquals(List.of(row("a", 0.2), row("b", 0.4)), group.folds());
  }

  @Test
  void oneFoldStandsForItself() {
    ResultGroup group = group(row("a", 0.2), row(Results.MEAN, 0.2));
    assertEquals("a", group.split());
    assertEquals(List.of(row("a", 0.2)), group.mains());
    assertEquals(List.of(), group.folds());
  }

  @Test
  void splitsWithoutAMeanFollowTheFirst() {
    ResultGroup group = group(row("dev", 0.2), row("test", 0.4));
    assertEquals("dev", group.split());
    assertEquals(List.of(row("test", 0.4)), group.folds());
  }
}
