package org.duovox.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.duovox.DuovoxException;
import org.duovox.units.SplitMix;
import org.duovox.world.SemanticFiles.TestFile;
import org.duovox.world.voice.Clauses;
import org.junit.jupiter.api.Test;

final class GrammarTest {
  private static final int UTTERANCES = 20_000;

  private final World world = World.of(WorldConfig.defaults());
  private final Grammar grammar = world.grammars().get("en");

  @Test
  void textsAreAFunctionOfSeedAndNumber() {
    WorldPlan one = new WorldPlan(world, new IntentSet(world));
    WorldPlan same = new WorldPlan(world, new IntentSet(world));
    World otherSeed = World.of(Worlds.config("world.seed=2"));
    WorldPlan other = new WorldPlan(otherSeed, new IntentSet(otherSeed));
    int differences = 0;
    for (int i = 0; i < one.size(); i += 7) {
      assertEquals(one.job(i), same.job(i));
      differences += one.job(i).sentence().equals(other.job(i).sentence()) ? 0 : 1;
    }
    assertTrue(differences > one.size() / 10);
  }

  /// Train is long enough that hardly a text of test would be missing in it by chance.
  @Test
  void trainNeverSaysATextOfTheTestTokens() {
    WorldPlan plan = new WorldPlan(world, new IntentSet(world));
    Set<String> test = new HashSet<>();
    for (int i = 0; i < plan.firstTrain(); i++) {
      Job job = plan.job(i);
      if (job.cut() >= 0) {
        test.add(job.sentence().text());
        int id = job.sentence().words().get(job.cut());
        String word = Sentence.bare(job.sentence().tokens().get(job.cut()));
        assertEquals(world.words().get(id).text(), word);
      }
    }
    assertTrue(test.size() > 1000);
    for (int i = 0; i < UTTERANCES; i++) {
      assertFalse(test.contains(grammar.draw(SplitMix.of(5, i)).text()));
    }
  }

  /// The counts behind the gold similarities are those of the texts.
  @Test
  void expectedCountsAreThoseOfTheTexts() {
    Map<String, Double> seen = new HashMap<>();
    for (int i = 0; i < UTTERANCES; i++) {
      for (int id : grammar.draw(SplitMix.of(9, i)).words()) {
        if (id >= 0) {
          Word word = world.words().get(id);
          seen.merge(word.className() + word.subclass(), 1.0, Double::sum);
        }
      }
    }
    Map<String, Double> expected = new HashMap<>();
    grammar
        .slotCounts()
        .forEach((word, slots) ->
            slots
                .values()
                .forEach(count ->
                    expected.merge(
                        word.className() + word.subclass(), UTTERANCES * count, Double::sum)));
    assertEquals(32, expected.size());
    expected.forEach((part, count) -> assertEquals(count, seen.get(part), 0.15 * count, part));
  }

  @Test
  void similarityIsGraded() {
    Similarity similarity = new Similarity(world);
    double rabbitHamster = similarity.cosine(word("rabbit"), word("hamster"));
    double rabbitTiger = similarity.cosine(word("rabbit"), word("tiger"));
    double rabbitAnt = similarity.cosine(word("rabbit"), word("ant"));
    assertEquals(1, rabbitHamster, 1e-12);
    assertTrue(rabbitTiger < 0.95 && rabbitTiger > 0.5, rabbitTiger + "");
    assertTrue(rabbitAnt < 0.4 && rabbitAnt > 0.02, rabbitAnt + "");
    assertEquals(0, similarity.cosine(word("rabbit"), word("violin")));
    assertEquals(rabbitAnt, similarity.cosine(word("ant"), word("rabbit")));
  }

  private Word word(String text) {
    return world.words().stream().filter(w -> w.text().equals(text)).findFirst().orElseThrow();
  }

  @Test
  void devAndTestShareNoWordAndHavePairsOfEachClass() {
    assertEquals(64, world.words(Word.DEV).size());
    assertEquals(128, world.words(Word.TEST).size());
    for (String name : grammar.classes()) {
      for (String set : List.of(Word.DEV, Word.TEST)) {
        List<Word> words =
            world.words(set).stream().filter(w -> w.className().equals(name)).toList();
        assertEquals(2, words.stream().map(Word::subclass).distinct().count(), name);
      }
    }
    World other = World.of(Worlds.config("world.seed=3"));
    assertNotEquals(world.words(Word.DEV), other.words(Word.DEV));
  }

  /// A voice without word times is cut at pauses only.
  @Test
  void wordsForVoicesWithoutTimesStandAlone() {
    World silent = World.of(Worlds.config("speech.voices=[espeak-ng:en-us]"));
    WorldPlan plan = new WorldPlan(silent, new IntentSet(silent));
    int cuts = 0;
    for (int i = 0; i < plan.firstTrain(); i++) {
      Job job = plan.job(i);
      if (job.cut() >= 0) {
        assertTrue(Clauses.standsAlone(job.sentence().tokens(), job.cut()), job + "");
        cuts++;
      }
    }
    assertEquals(192 * 10, cuts);
  }

  /// English alone has animals and bugs; of both languages the classes are the same.
  @Test
  void languagesHaveTheSameClasses() {
    String both = "speech.voices=[flite:slt, espeak-ng:de]";
    World two = World.of(Worlds.config(both, "world.classes=14", "world.words=8"));
    Set<String> english = Set.copyOf(two.grammars().get("en").classes());
    assertEquals(english, Set.copyOf(two.grammars().get("de").classes()));
    assertTrue(grammar.classes().contains("bug"));
    assertFalse(english.contains("bug"));
  }

  @Test
  void everyWordHasItsFiles() {
    WorldPlan plan = new WorldPlan(world, new IntentSet(world));
    List<TestFile> dev = plan.tokens(Word.DEV);
    assertEquals(64 * 2 + 64 * 10, dev.size());
    assertEquals(dev.size(), dev.stream().map(TestFile::stem).distinct().count());
    Set<String> files = new HashSet<>();
    for (int i = 0; i < plan.size(); i++) {
      assertTrue(files.add(plan.job(i).file()), plan.job(i).file());
    }
  }

  @Test
  void worldsThatAreTooSmallForTheirSettingsAreRefused() {
    refused("'classes' must be at least 2", "world.classes=1");
    refused("vocabulary of 'en' has 22 classes", "world.classes=23");
    refused(
        "of de, en have 14 classes in common",
        "world.classes=15",
        "speech.voices=[flite:slt, espeak-ng:de]");
    refused("has only 6 words in subclass 1", "world.words=14");
    refused("'words' must be even", "world.words=9");
    refused("at most 4 times", "world.words=8", "text.lists=['{}. {}. {}. {}. {}.']");
    refused("between two pauses", "speech.voices=[espeak-ng:en]", "text.enumerations=0");
    refused(
        "between two pauses", "speech.voices=[espeak-ng:en]", "text.lists=['the {} and the {}']");
    refused("names a voice twice", "speech.voices=[flite:slt, flite:slt]");
    refused("which no voice speaks", "world.vocabulary={de: x.json}");
  }

  private static void refused(String message, String... settings) {
    DuovoxException e =
        assertThrows(
            DuovoxException.class,
            () -> {
              World small = World.of(Worlds.config(settings));
              new WorldPlan(small, new IntentSet(small));
            },
            message);
    assertEquals(DuovoxException.Kind.BAD_CONFIG, e.kind());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }
}
