package org.duovox.cli.model;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.IntStream;
import org.duovox.eval.ConfusionMatrix;
import org.junit.jupiter.api.Test;

class ConfusionsTest {
  @Test
  void confusionsAreATableForFewClassesAndAListForMany() {
    StringWriter few = new StringWriter();
    Confusions.print(
        new PrintWriter(few, true),
        ConfusionMatrix.of(List.of("no", "yes"), new int[] {0, 1, 1}, new int[] {0, 1, 0}));
    assertTrue(few.toString().contains("yes                 1    1   50.0 %"), few.toString());
    List<String> labels = IntStream.range(0, 20).mapToObj(i -> "class" + i).toList();
    StringWriter many = new StringWriter();
    Confusions.print(
        new PrintWriter(many, true),
        ConfusionMatrix.of(labels, new int[] {3, 3, 4}, new int[] {7, 7, 4}));
    assertTrue(many.toString().contains("class3  taken for class7  2 times"), many.toString());
  }
}
