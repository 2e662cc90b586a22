package org.duovox.eval.pairs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PairsTest {
  private static final String LEXICAL =
      """
      filename,voice,frequency,word,phones,length,correct,id
      a,A,1,brick,B R IH K,4,1,10
      b,A,1,,B R IY K,4,0,10
      c,B,1,brick,B R IH K,4,1,10
      d,B,1,,B R IY K,4,0,10
      e,A,0,"blick, ey",B L IH K,4,1,9
      f,A,0,plick,P L IH K,4,0,9
      g,A,5,dog,D AO G,3,1,11
      h,A,5,dok,D AO K,3,0,11
      i,A,100,house,HH AW S,3,1,2
      j,A,100,hause,HH AO S,3,0,2
      """;
  private static final Map<String, Double> SCORES = new LinkedHashMap<>();

  static {
    // brick: right by voice A, a tie by B; blick: wrong; dog: right; house: wrong.
    List<String> stems = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j");
    double[] values = {-1, -2, -3, -3, -5, -4, -1.5, -2.5, -9, -8};
    for (int i = 0; i < values.length; i++) {
      SCORES.put(stems.get(i), values[i]);
    }
  }

  @TempDir Path folder;

  private Path gold(String text) throws IOException {
    return Files.writeString(folder.resolve("gold.csv"), text);
  }

  private Path scores(Map<String, Double> scores) {
    Path file = folder.resolve("scores.txt");
    ScoreFile.write(file, scores);
    return file;
  }

  @Test
  void wordsAreScoredByPairBandAndLength() throws IOException {
    Swuggy result = Swuggy.of(gold(LEXICAL), scores(SCORES), 0);
    assertEquals((0.75 + 0 + 1 + 0) / 4, result.all().value(), 1e-12);
    assertEquals(4, result.all().n(), "pairs, not voices");
    assertEquals((0.75 + 1 + 0) / 3, result.inVocabulary().value(), 1e-12);
    assertEquals(1, result.byFrequency().get("oov").n());
    assertEquals(0.75, result.byFrequency().get("1-5").score(), "1 to below 5");
    assertEquals(1, result.byFrequency().get("6-20").score(), "5 is of the next band");
    assertEquals(0, result.byFrequency().get(">100").score(), "100 is of the last");
    assertEquals(0, result.byFrequency().get("21-100").n());
    assertEquals(2, result.byLength().get("3").n());
    assertEquals(
        List.of("2", "9", "10", "11"), result.pairs().stream().map(Swuggy.Pair::id).toList());
    assertEquals(2, result.pairs().get(2).voices());
  }

  @Test
  void theTablesAreThoseOfTheOfficialEvaluator() throws IOException {
    Map<String, String> tables = Swuggy.of(gold(LEXICAL), scores(SCORES), 0).tables("dev");
    assertEquals(
        """
        word,non word,score
        house,hause,0.0000
        "blick, ey",plick,0.0000
        brick,B R IY K,0.7500
        dog,dok,1.0000
        """,
        tables.get("score_lexical_dev_by_pair.csv"));
    assertEquals(
        """
        frequency,n,score,std
        oov,1,0.0000,
        1-5,1,0.7500,
        6-20,1,1.0000,
        21-100,0,,
        >100,1,0.0000,
        """,
        tables.get("score_lexical_dev_by_frequency.csv"));
    assertEquals(
        """
        length,n,score,std
        3,2,0.5000,0.7071
        4,2,0.3750,0.5303
        """,
        tables.get("score_lexical_dev_by_length.csv"));
  }

  /// The gold files and scores were drawn at random; the tables are what the official evaluator
  /// (zerospeech2021 with pandas 2.3.3) made of them.
  @Test
  void theOfficialEvaluatorsTablesComeOutByteByByte() throws Exception {
    Map<String, String> tables =
        new LinkedHashMap<>(
            Swuggy.of(resource("lexical-gold.csv"), resource("lexical.txt"), 0).tables("dev"));
    tables.putAll(
        Sblimp.of(resource("syntactic-gold.csv"), resource("syntactic.txt"), 0).tables("dev"));
    assertEquals(5, tables.size());
    for (Map.Entry<String, String> table : tables.entrySet()) {
      assertEquals(Files.readString(resource(table.getKey())), table.getValue(), table.getKey());
    }
  }

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(PairsTest.class.getResource(name).toURI());
  }

  @Test
  void sentencesAreMatchedByTheirOrder() throws IOException {
    String gold =
        """
        filename,voice,type,subtype,transcription,correct,id
        a,A,agreement,near,dogs bark,1,1
        b,B,agreement,near,dogs bark,1,1
        c,A,agreement,near,dogs barks,0,1
        d,B,agreement,near,dogs barks,0,1
        e,A,islands,x,what did he eat,1,1
        f,A,islands,x,what he did eat,0,1
        """;
    Map<String, Double> scores =
        Map.of("a", -1.0, "b", -4.0, "c", -2.0, "d", -3.0, "e", -1.0, "f", -1.0);
    Sblimp result = Sblimp.of(gold(gold), scores(scores), 0);
    assertEquals(0.5, result.all().value(), 1e-12);
    assertEquals(0.5, result.byType().get("agreement").score(), "right by A, wrong by B");
    assertEquals(0.5, result.byType().get("islands").score(), "a tie");
    Map<String, String> tables = result.tables("test");
    assertEquals(
        """
        sentence,non sentence,score
        dogs bark,dogs barks,0.5000
        what did he eat,what he did eat,0.5000
        """,
        tables.get("score_syntactic_test_by_pair.csv"));
    assertEquals(
        """
        type,n,score,std
        agreement,1,0.5000,
        islands,1,0.5000,
        """,
        tables.get("score_syntactic_test_by_type.csv"));
  }

  @Test
  void allProblemsOfASubmissionAreListed() throws IOException {
    Path file = folder.resolve("bad.txt");
    Files.writeString(file, "a -1\nb nan\nc -1 2\na -2\nz -1\n");
    Path gold = gold(LEXICAL);
    String told = failure(() -> Swuggy.of(gold, file, 0));
    for (String part :
        List.of(
            "bad.txt:2: must read STEM SCORE",
            "bad.txt:3: must read",
            "bad.txt:4: a is there twice",
            "bad.txt:5: z is not in",
            "d of ",
            "and ")) {
      assertTrue(told.contains(part), part + " in " + told);
    }
  }

  @Test
  void aGoldFileThatIsNotOneIsRefused() throws IOException {
    Path odd = gold(LEXICAL.replace("j,A,100,hause,HH AO S,3,0,2\n", ""));
    assertTrue(
        failure(() -> Swuggy.of(odd, scores(without("j")), 0))
            .contains("5 rows with correct = 1 and 4"));
    Path good = scores(SCORES);
    Path twice = gold(LEXICAL.replace("\nb,", "\na,"));
    assertTrue(
        failure(() -> Swuggy.of(twice, good, 0))
            .contains("gold.csv:3: filename 'a' is listed twice"));
    Path number = gold(LEXICAL.replace("a,A,1,", "a,A,often,"));
    assertTrue(failure(() -> Swuggy.of(number, good, 0)).contains("'often' is no number"));
    Path negative = gold(LEXICAL.replace("a,A,1,", "a,A,-1,"));
    assertTrue(failure(() -> Swuggy.of(negative, good, 0)).contains("'-1' is no number from 0 on"));
    Path lexical = gold(LEXICAL);
    assertTrue(failure(() -> Sblimp.of(lexical, good, 0)).contains("transcription"));
  }

  private static Map<String, Double> without(String stem) {
    Map<String, Double> fewer = new LinkedHashMap<>(SCORES);
    fewer.remove(stem);
    return fewer;
  }

  private static String failure(org.junit.jupiter.api.function.Executable action) {
    return assertThrows(DuovoxException.class, action).getMessage();
  }
}
