package org.duovox.eval;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.eval.Ssimi.SameClass;
import org.duovox.io.json.Json;
import org.duovox.io.tensors.NpyFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Small cases computed by hand, and every kind of bad input.
class SsimiTest {
  private static final String PAIRS_HEADER = "type,dataset,word_1,word_2,similarity,relatedness\n";

  @TempDir Path folder;

  @BeforeEach
  void writeSubmission() throws IOException {
    write(
        "gold.csv",
        "type,filename,voice,word\n"
            + "synthetic,aA,A,a\nsynthetic,aB,B,a\nsynthetic,bA,A,b\nsynthetic,bB,B,b\n"
            + "synthetic,cA,A,c\nlibrispeech,a0,,a\nlibrispeech,a1,,a\nlibrispeech,b0,,b\n");
    write("sub/synthetic/aA.txt", "0 0\n");
    write("sub/synthetic/aB.txt", "10 10\n");
    write("sub/synthetic/bA.txt", "1 1\n3 5\n");
    write("sub/synthetic/bB.txt", "10 12\n");
    write("sub/synthetic/cA.txt", "7 0\n");
    write("sub/librispeech/a0.txt", "1\n");
    write("sub/librispeech/a1.txt", "2\n");
    write("sub/librispeech/b0.txt", "4\n");
    write(
        "pairs.csv",
        PAIRS_HEADER
            + "synthetic,s,a,b,9,\nsynthetic,s,a,c,1,\nsynthetic,s,b,c,5,\n"
            + "librispeech,l,a,b,,2.5\n");
  }

  @Test
  void joinsSyntheticTokensOnTheVoiceAndAllLibrispeechTokens() {
    SsimiResult result = evaluate(Distance.CITYBLOCK, Pooling.MEAN);
    List<Double> scores = result.pairs().stream().map(SsimiResult.PairScore::score).toList();
    // a-b: voice A |2|+|3| = 5, voice B 0+2; a-c: A 7; b-c: A 5+3; librispeech: (3 + 2) / 2.
    assertEquals(List.of(3.5, 7.0, 8.0, 2.5), scores);
    assertEquals(50.0, result.correlations().get("synthetic/s"), 1e-12);
    assertEquals(
        List.of("librispeech/l", "synthetic/s"), List.copyOf(result.correlations().keySet()));
    assertEquals(2.5, result.pairs().get(3).human());
    assertEquals(3, result.estimates().get("synthetic/s").n());
  }

  @Test
  void saysWhyACorrelationIsUndefined() {
    SsimiResult result = evaluate(Distance.COSINE, Pooling.MEAN);
    assertEquals(Double.NaN, result.correlations().get("synthetic/s"));
    assertEquals(2, result.warnings().size());
    assertTrue(result.warnings().get(0).contains("librispeech/l is undefined: all its scores"));
    assertTrue(
        result
            .warnings()
            .get(1)
            .contains(
                "2 of its 3 pairs have no distance; zero or constant vectors in synthetic/aA"),
        result.warnings().get(1));
  }

  @Test
  void averagesOverDatasets() {
    SsimiResult result =
        new SsimiResult(
            Distance.COSINE,
            Pooling.MAX,
            Centering.NONE,
            new TreeMap<>(
                Map.of(
                    "synthetic/x", new Estimate(10, 0, 0, 30, 0),
                    "synthetic/y", new Estimate(20, 0, 0, 10, 0))),
            new WordIntervals(Map.of(), Map.of(), Map.of(), Map.of()),
            Map.of(),
            List.of(),
            List.of());
    assertEquals(new SsimiResult.Overall(15, 12.5, 40), result.overall().get("synthetic"));
    assertEquals(Set.of("synthetic"), result.overall().keySet());
  }

  @Test
  void writesJsonWithTheAgreedKeys() throws IOException {
    String json = evaluate(Distance.COSINE, Pooling.MEAN).toJson();
    JsonNode tree = Json.tree(write("out.json", json));
    assertEquals(
        Set.of("metric", "pooling", "centering", "correlations", "overall", "intervals", "pairs"),
        Set.copyOf(tree.propertyNames()));
    assertEquals("cosine", tree.get("metric").asString());
    assertTrue(tree.get("correlations").get("synthetic/s").isNull());
    assertEquals(
        Set.of("type", "dataset", "word_1", "word_2", "human", "score"),
        Set.copyOf(tree.get("pairs").get(0).propertyNames()));
    assertEquals("b", tree.get("pairs").get(0).get("word_2").asString());
  }

  @Test
  void namesTheFilesThatAreMissing() throws IOException {
    Files.delete(folder.resolve("sub/synthetic/aA.txt"));
    Files.delete(folder.resolve("sub/librispeech/b0.txt"));
    DuovoxException e = assertBad("2 of the 8 files of the gold list are missing", Pooling.MEAN);
    assertEquals(DuovoxException.Kind.MISSING_INPUT, e.kind());
    assertTrue(e.getMessage().contains("aA.txt") && e.getMessage().contains("b0.txt"));
  }

  @Test
  void refusesFilesThatCannotBePooledOrCompared() throws IOException {
    assertBad(".txt: has one frame; pooling \"lastlast\" needs two", Pooling.LASTLAST);
    write("sub/synthetic/cA.txt", "7 0 1\n");
    assertBad("synthetic/aA has 2 columns and synthetic/cA has 3", Pooling.MEAN);
    write("sub/synthetic/cA.txt", "7 x\n");
    assertBad("cA.txt:1: \"x\" is not a number", Pooling.MEAN);
  }

  @Test
  void refusesPairsWithoutTokens() throws IOException {
    write("pairs.csv", PAIRS_HEADER + "synthetic,s,a,zebra,9,\n");
    assertBad("no synthetic file for the word \"zebra\"", Pooling.MEAN);
    write("gold.csv", "type,filename,voice,word\nsynthetic,aA,A,a\nsynthetic,bB,B,b\n");
    write("pairs.csv", PAIRS_HEADER + "synthetic,s,a,b,9,\n");
    assertBad("no voice of the gold list says both \"a\" and \"b\"", Pooling.MEAN);
  }

  @Test
  void refusesMoreThanTenLibrispeechTokens() throws IOException {
    StringBuilder gold = new StringBuilder("type,filename,voice,word\nlibrispeech,b0,,b\n");
    for (int i = 0; i < 11; i++) {
      gold.append("librispeech,a").append(i).append(",,a\n");
      write("sub/librispeech/a" + i + ".txt", "1\n");
    }
    write("gold.csv", gold.toString());
    write("pairs.csv", PAIRS_HEADER + "librispeech,l,a,b,,2.5\n");
    assertBad("11 librispeech files for the word \"a\"", Pooling.MEAN);
  }

  @Test
  void refusesBadTables() throws IOException {
    write("pairs.csv", PAIRS_HEADER + "synthetic,s,a,b,9,\nsynthetic,s,a,c,,3\n");
    assertBad("neither similarity nor relatedness is filled in for every pair", Pooling.MEAN);
    write("pairs.csv", PAIRS_HEADER + "synthetic,s,a,b,much,\n");
    assertBad("pairs.csv:2: similarity \"much\" is not a finite number", Pooling.MEAN);
    write("pairs.csv", PAIRS_HEADER + "spoken,s,a,b,9,\n");
    assertBad("pairs.csv:2: type \"spoken\" is neither", Pooling.MEAN);
    write("pairs.csv", PAIRS_HEADER);
    assertBad("has a header and no rows", Pooling.MEAN);
    write("pairs.csv", "type,dataset,word_1\n");
    assertBad("has no column \"word_2\"", Pooling.MEAN);
    write("gold.csv", "type,filename,voice,word\nsynthetic,../aA,A,a\n");
    assertBad("gold.csv:2: filename \"../aA\" is not the bare name of a file", Pooling.MEAN);
    write("gold.csv", "type,filename,voice,word\nsynthetic,aA,A,a\nsynthetic,aA,B,a\n");
    assertBad("gold.csv:3: synthetic/aA is listed twice", Pooling.MEAN);
  }

  @Test
  void centersByVoiceOrType() throws IOException {
    SsimiResult plain = evaluate(Distance.CITYBLOCK, Pooling.MEAN);
    SsimiResult byType = evaluate(Distance.CITYBLOCK, Centering.TYPE, null);
    // A shift of all words of a type changes no difference, so no distance of this kind.
    for (int i = 0; i < plain.pairs().size(); i++) {
      assertEquals(plain.pairs().get(i).score(), byType.pairs().get(i).score(), 1e-12);
    }
    assertEquals(Centering.TYPE, byType.centering());
    SsimiResult cosine = evaluate(Distance.COSINE, Centering.VOICE, null);
    // Voice B has two words, which lie opposite of each other around their mean: cosine -1.
    // Voice A: a = (0, 0), b = (2, 3), c = (7, 0), less (3, 1): (-3, -1) and (-1, 2).
    double voiceA = 1 - (3.0 - 2) / Math.sqrt(10 * 5);
    assertEquals((voiceA + 2) / 2, cosine.pairs().getFirst().score(), 1e-12);
    write("gold.csv", Files.readString(folder.resolve("gold.csv")) + "synthetic,x,C,a\n");
    write("sub/synthetic/x.txt", "1 2\n1 2\n");
    assertFails(
        Kind.BAD_DATA,
        () -> evaluate(Distance.COSINE, Centering.VOICE, null),
        "synthetic voice C has one word, synthetic/x");
  }

  @Test
  void findsPairsOfTheSameClass() throws IOException {
    write(
        "pairs.csv",
        PAIRS_HEADER
            + "synthetic,s,a,b,9,\nsynthetic,s,a,c,0,\nsynthetic,s,b,c,0,\n"
            + "synthetic,graded,a,b,3,\nsynthetic,graded,a,c,2,\nsynthetic,graded,b,c,1,\n");
    SsimiResult result =
        evaluate(Distance.CITYBLOCK, Centering.NONE, new SameClass(OptionalDouble.empty()));
    // Distances 3.5, 7 and 8: the one pair of the class is the nearest.
    assertEquals(Set.of("synthetic/s"), result.areas().keySet());
    assertEquals(1.0, result.areas().get("synthetic/s").value());
    SsimiResult graded =
        evaluate(Distance.CITYBLOCK, Centering.NONE, new SameClass(OptionalDouble.of(2)));
    assertEquals(1.0, graded.areas().get("synthetic/graded").value());
    assertEquals(1.0, graded.words().areas().get("synthetic/graded").value());
    JsonNode tree = Json.tree(write("out.json", graded.toJson()));
    assertEquals(1.0, tree.path("auc").path("synthetic/graded").path("value").asDouble());
    write(
        "pairs.csv", PAIRS_HEADER + "synthetic,g,a,b,3,\nsynthetic,g,a,c,2,\nsynthetic,g,b,c,1,\n");
    assertFails(
        Kind.BAD_CONFIG,
        () -> evaluate(Distance.CITYBLOCK, Centering.NONE, new SameClass(OptionalDouble.empty())),
        "no dataset of the pairs has exactly two judgments");
  }

  @Test
  void theLeaderBoardRoundsFirstAndLeavesUndefinedCorrelationsOut() {
    SsimiResult result =
        new SsimiResult(
            Distance.COSINE,
            Pooling.MAX,
            Centering.NONE,
            new TreeMap<>(
                Map.of(
                    "synthetic/x", new Estimate(10.00004, 0, 0, 30, 0),
                    "synthetic/y", new Estimate(20.00004, 0, 0, 10, 0),
                    "synthetic/z", new Estimate(Double.NaN, 0, 0, 10, 0))),
            new WordIntervals(Map.of(), Map.of(), Map.of(), Map.of()),
            Map.of(),
            List.of(),
            List.of());
    assertEquals(new SsimiResult.Overall(15, Double.NaN, 50), result.overall().get("synthetic"));
  }

  @Test
  void theFirstFilesAreTextsAndTheOthersArrays() throws IOException {
    SsimiResult texts = evaluate(Distance.CITYBLOCK, Pooling.MEAN);
    Files.delete(folder.resolve("sub/synthetic/bA.txt"));
    NpyFile.write(
        folder.resolve("sub/synthetic/bA.npy"), new long[] {2, 2}, new float[] {1, 1, 3, 5});
    assertEquals(texts.pairs(), evaluate(Distance.CITYBLOCK, Pooling.MEAN).pairs());
  }

  private DuovoxException assertBad(String part, Pooling pooling) {
    DuovoxException e =
        assertThrows(DuovoxException.class, () -> evaluate(Distance.CITYBLOCK, pooling));
    assertTrue(e.getMessage().contains(part), e.getMessage());
    return e;
  }

  private SsimiResult evaluate(Distance metric, Pooling pooling) {
    SsimiData data = SsimiData.read(folder.resolve("gold.csv"), folder.resolve("pairs.csv"));
    PooledTokens pooled = PooledTokens.load(data.tokens(), folder.resolve("sub"), pooling);
    return Ssimi.evaluate(data, pooled, metric, 1);
  }

  private SsimiResult evaluate(Distance metric, Centering centering, SameClass sameClass) {
    SsimiData data = SsimiData.read(folder.resolve("gold.csv"), folder.resolve("pairs.csv"));
    PooledTokens pooled = PooledTokens.load(data.tokens(), folder.resolve("sub"), Pooling.MEAN);
    return Ssimi.evaluate(
        PairLinks.of(data), pooled, new Ssimi.Options(metric, centering, sameClass, 1));
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.5f", "1d", "0x1p3", "Infinity", "1e400", "1_0"})
  void onlyDecimalNumbersAreJudgments(String text) throws IOException {
    write("pairs.csv", PAIRS_HEADER + "synthetic,s,a,b,9,\nsynthetic,s,a,c," + text + ",\n");
    assertFails(
        Kind.BAD_DATA,
        () -> SsimiData.read(folder.resolve("gold.csv"), folder.resolve("pairs.csv")),
        "pairs.csv:3",
        "similarity \"" + text + "\"");
  }
}
