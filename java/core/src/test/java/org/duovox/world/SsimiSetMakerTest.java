package org.duovox.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.eval.SsimiData;
import org.duovox.testing.Shared;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SsimiSetMakerTest {
  private static final SpeechListener NOBODY =
      new SpeechListener() {
        @Override
        public void planned(Forecast forecast) {}

        @Override
        public void spoken(long done, long total) {}
      };

  @TempDir private Path folder;

  private Path csv(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private SsimiData make(Path... pairs) throws IOException {
    FakeSpeech speech = new FakeSpeech(folder.resolve("fake"));
    List<String> voices = List.of("command:a@en", "command:b@en");
    Path out = folder.resolve("set");
    new SsimiSetMaker("test", List.of(pairs), voices, speech.command())
        .make(out, false, 2, Duration.ofSeconds(60), NOBODY);
    Path semantic = out.resolve("semantic/test");
    SsimiData data = SsimiData.read(semantic.resolve("gold.csv"), semantic.resolve("pairs.csv"));
    for (SsimiData.Token token : data.tokens()) {
      assertTrue(Files.isRegularFile(semantic.resolve(token.label() + ".wav")), token.label());
    }
    return data;
  }

  @Test
  void everyWordIsSpokenOnceByEveryVoice() throws IOException {
    SsimiData data =
        make(
            csv("one.csv", ",word1,word2,similarity\n0,dog,cat,3.5\n1,cat,Ärger,-1\n"),
            csv("two.csv", "word_1,word_2,relatedness,more\ncat,ice cream,0.25,x\n"));
    assertEquals(4 * 2, data.tokens().size());
    assertEquals(
        List.of("dog", "cat", "Ärger", "ice cream"),
        data.tokens().stream().map(SsimiData.Token::word).distinct().toList());
    assertEquals(3, data.pairs().size());
    assertEquals("synthetic/one", data.pairs().get(1).group());
    assertEquals(-1, data.pairs().get(1).human());
    assertEquals(0.25, data.pairs().get(2).human());
  }

  /// A word may hold anything; no shell sees it, and no file is named by it.
  @Test
  void wordsWithCharactersOfShellsAndPaths() throws IOException {
    String evil = "$(rm -rf ~)`id`;../../x|'\"";
    SsimiData data =
        make(
            csv(
                "e.csv",
                "word1,word2,score\n\"%s\",--help,1\n".formatted(evil.replace("\"", "\"\""))));
    List<String> spoken = new FakeSpeech(folder.resolve("fake")).texts();
    assertTrue(spoken.contains(evil), spoken + "");
    assertTrue(spoken.contains("--help"), spoken + "");
    data.tokens()
        .forEach(token -> assertTrue(token.filename().matches("[A-Za-z0-9-]+"), token.filename()));
    assertEquals(evil, data.pairs().getFirst().word1());
  }

  @Test
  void partsOfSpeechAreTakenOffWhenAllWordsHaveThem() throws IOException {
    WordPairs tagged = WordPairs.read(csv("men.csv", "word1,word2,score\nsun-n,run-v,4\n"));
    assertEquals(Set.of("sun", "run"), tagged.words());
    WordPairs mixed = WordPairs.read(csv("mixed.csv", "word1,word2,score\nsun-n,x-ray,4\n"));
    assertEquals(Set.of("sun-n", "x-ray"), mixed.words());
  }

  @Test
  void badPairsAreRefusedWithTheirLine() throws IOException {
    refused("has no column word1", "first,second,similarity\na,b,1\n");
    refused("has no column relatedness or similarity or score", "word1,word2,value\na,b,1\n");
    refused(
        ":3: similarity 'nan' is not a finite number", "word1,word2,similarity\na,b,1\na,c,nan\n");
    refused(":2: '' is no word", "word1,word2,similarity\n,b,1\n");
    refused("no rows", "word1,word2,similarity\n");
  }

  private void refused(String message, String text) throws IOException {
    Path file = csv("bad.csv", text);
    DuovoxException e = assertThrows(DuovoxException.class, () -> WordPairs.read(file));
    assertEquals(Kind.BAD_DATA, e.kind());
    assertTrue(e.getMessage().contains(message), e.getMessage());
    assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
  }

  @Test
  void publishedSetsAreRead() throws IOException {
    Set<Integer> sizes = new HashSet<>();
    for (String name : List.of("men", "simlex999", "mturk-771", "rg-65")) {
      WordPairs pairs = WordPairs.read(Shared.assume("data/wordsim/" + name + ".csv"));
      assertEquals(name, pairs.dataset());
      sizes.add(pairs.pairs().size());
    }
    assertEquals(Set.of(3000, 999, 771, 65), sizes);
  }
}
