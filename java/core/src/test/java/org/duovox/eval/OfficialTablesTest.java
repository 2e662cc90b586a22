package org.duovox.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.duovox.eval.SsimiResult.PairScore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The tables byte for byte as pandas 2.3.3 writes them (`to_csv(index=False,
/// float_format="%.4f")`).
class OfficialTablesTest {
  @TempDir Path folder;

  /// What Python prints for `"%.4f" % x`.
  @Test
  void roundsTheExactValueOfTheDouble() {
    assertEquals(0.0001, OfficialTables.rounded(0.00005), "above the half in binary");
    assertEquals(0.0001, OfficialTables.rounded(0.00015), "below the half in binary");
    assertEquals(0.0312, OfficialTables.rounded(0.03125), "a tie, to even");
    assertEquals(0.0938, OfficialTables.rounded(0.09375), "a tie, to even");
    assertEquals(Double.NaN, OfficialTables.rounded(Double.NaN));
    assertEquals(-0.0, OfficialTables.rounded(-0.00001));
  }

  @Test
  void writesPairsWithTheirOwnColumnsAndTheScore() throws IOException {
    Path pairs =
        Files.writeString(
            folder.resolve("pairs.csv"),
            """
            type,dataset,word_1,word_2,similarity,relatedness,rank
            synthetic,s,"a,b","say ""x""\",9,,1
            librispeech,l,c,d,,2.5,2
            synthetic,s,c,"say ""x""\",0.12345,,3
            """);
    SsimiResult result = result(Map.of("synthetic/s", 1.0), List.of(0.5, -0.00001, Double.NaN));
    assertEquals(
        """
        type,dataset,word_1,word_2,similarity,relatedness,rank,score
        synthetic,s,"a,b","say ""x""\",9.0000,,1,0.5000
        librispeech,l,c,d,,2.5000,2,-0.0000
        synthetic,s,c,"say ""x""\",0.1235,,3,
        """,
        OfficialTables.pairs(pairs, result));
  }

  @Test
  void writesCorrelationsSorted() {
    SsimiResult result =
        result(Map.of("synthetic/x", 12.34565, "librispeech/y", Double.NaN), List.of());
    assertEquals(
        "type,dataset,correlation\nlibrispeech,y,\nsynthetic,x,12.3456\n",
        OfficialTables.correlations(result));
  }

  private static SsimiResult result(Map<String, Double> correlations, List<Double> scores) {
    Map<String, Estimate> estimates = new TreeMap<>();
    correlations.forEach(
        (group, value) -> estimates.put(group, new Estimate(value, Double.NaN, Double.NaN, 3, 0)));
    List<PairScore> pairs = new ArrayList<>();
    scores.forEach(score -> pairs.add(new PairScore("synthetic", "s", "", "", 0, score)));
    return new SsimiResult(
        Distance.COSINE,
        Pooling.MEAN,
        Centering.NONE,
        estimates,
        new WordIntervals(Map.of(), Map.of(), Map.of(), Map.of()),
        Map.of(),
        pairs,
        List.of());
  }
}
