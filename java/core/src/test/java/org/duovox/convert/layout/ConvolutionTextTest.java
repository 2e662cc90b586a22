package org.duovox.convert.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.duovox.convert.pickle.Malformed;
import org.junit.jupiter.api.Test;

/// Descriptions of convolutions as fairseq's settings have them, and what is none.
final class ConvolutionTextTest {
  private static final String CONVOLUTIONS = "[(4,10,5)] + [(4, 3, 2)] * 4 + [(4,2,2)] * 2";

  @Test
  void convolutionsAreReadAndNotEvaluated() {
    assertEquals(7, ConvolutionText.parse(CONVOLUTIONS).size());
    assertEquals(2, ConvolutionText.parse("[(1,2,3), (4,5,6),]").size());
    for (String text :
        new String[] {
          "",
          "[]",
          "[(1,2)]",
          "__import__('os')",
          "[(1,2,3)] +",
          "[(1,2,3)] * 99",
          "[(1,2,3)] x",
          "[" + "(1,2,3)  ".repeat(200) + "!"
        }) {
      try {
        ConvolutionText.parse(text);
      } catch (Malformed e) {
        assertTrue(e.getMessage().contains("not understood"), e.getMessage());
        continue;
      }
      throw new AssertionError(text);
    }
  }
}
