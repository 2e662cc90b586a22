package org.duovox.units;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import org.duovox.io.json.Json;
import org.junit.jupiter.api.Test;

final class CodebookUseTest {
  @Test
  void figuresOfCountsAreKnown() {
    CodebookUse use = CodebookUse.of(2, 0, 6, 0);
    assertEquals(4, use.codes());
    assertEquals(2, use.used());
    assertEquals(2, use.unused());
    assertEquals(Math.pow(4, 0.25) * Math.pow(4 / 3.0, 0.75), use.perplexity(), 1e-12);
    assertEquals(2, use.mostFrequent());
    assertEquals(0.75, use.mostFrequentShare());
    assertEquals("2 of 4 codes used, perplexity 1.8, the commonest holds 75.0 %", use.describe());
  }

  @Test
  void theRulesDifferOnlyWhereTheirMaterialDoes() {
    CodebookUse narrow = CodebookUse.of(60, 5, 5, 5, 5, 5, 5, 5, 5, 0);
    assertTrue(narrow.isNarrow());
    assertTrue(narrow.hasCollapsedOverFrames());
    assertTrue(narrow.hasCollapsedOverTokens());
    CodebookUse two = CodebookUse.of(95, 5);
    assertFalse(two.isNarrow());
    assertTrue(two.hasCollapsedOverFrames());
    assertFalse(two.hasCollapsedOverTokens());
    assertTrue(CodebookUse.of(0, 9, 0).hasCollapsedOverTokens());
    CodebookUse even = CodebookUse.of(Arrays.stream(new long[20]).map(zero -> 7).toArray());
    assertFalse(even.isNarrow());
    assertFalse(even.hasCollapsedOverFrames());
    assertFalse(even.hasCollapsedOverTokens());
  }

  @Test
  void withoutUnitsOnlyReportsSpeakOfCollapse() {
    CodebookUse none = CodebookUse.of(new long[12]);
    assertEquals(new CodebookUse(12, 0, 0, -1, 0), none);
    assertTrue(none.isNarrow());
    assertFalse(none.hasCollapsedOverFrames());
    assertFalse(none.hasCollapsedOverTokens());
    assertEquals(Double.NaN, none.perplexityOrNaN());
    assertEquals(Double.NaN, none.mostFrequentShareOrNaN());
  }

  @Test
  void diagnosticsAreFlatInJson() {
    UnitDiagnostics.Counter counter = new UnitDiagnostics.Counter(2);
    counter.add(new int[] {0, 0, 0, 0});
    assertEquals(
        "{\"codes\":2,\"used\":1,\"perplexity\":1.0,\"commonest\":0,\"commonest_share\":1.0,"
            + "\"commonest_at_edges\":1.0,\"constant_utterances\":1.0,\"runs\":{\"count\":1,"
            + "\"mean\":4.0,\"median\":4.0,\"percentile90\":4,\"longest\":4,"
            + "\"histogram\":{\"3-4\":1}}}",
        Json.line(counter.diagnostics()));
    assertEquals(Map.of("3-4", 1L), counter.diagnostics().runs().histogram());
  }
}
