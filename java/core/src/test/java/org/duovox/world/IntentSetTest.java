package org.duovox.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.duovox.DuovoxException;
import org.duovox.io.json.Json;
import org.duovox.world.IntentSet.Intent;
import org.duovox.world.IntentSet.Item;
import org.duovox.world.IntentSet.Speaker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IntentSetTest {
  @TempDir private Path folder;

  private static IntentSet set(String... settings) {
    return new IntentSet(World.of(Worlds.config(settings)));
  }

  @Test
  void hasTheShapeOfFluentSpeechCommands() {
    IntentSet set = set();
    assertEquals(31, set.all().stream().distinct().count());
    assertEquals(6, set.all().stream().map(Intent::action).distinct().count());
    assertEquals(14, set.all().stream().map(Intent::object).distinct().count());
    assertEquals(4, set.all().stream().map(Intent::location).distinct().count());
    assertEquals(2000, set.items().size());
    for (String split : IntentSet.SPLITS) {
      Set<Intent> intents = set.items(split).stream().map(Item::intent).collect(Collectors.toSet());
      assertEquals(31, intents.size(), split);
    }
  }

  @Test
  void noSpeakerIsInTwoSplits() {
    IntentSet set = set();
    assertEquals(12, set.speakers().size());
    assertEquals(12, set.speakers().stream().map(Speaker::id).distinct().count());
    Set<String> seen = new HashSet<>();
    for (String split : IntentSet.SPLITS) {
      Set<String> speakers =
          set.items(split).stream().map(item -> item.speaker().id()).collect(Collectors.toSet());
      speakers.forEach(speaker -> assertTrue(seen.add(speaker), speaker));
      assertEquals(2, set.items(split).stream().map(i -> i.speaker().voice()).distinct().count());
    }
    assertEquals(12, seen.size());
    assertEquals(
        12,
        set.speakers().stream().map(s -> s.voice() + " " + s.pitch()).distinct().count(),
        "no two sound the same");
  }

  @Test
  void theObjectIsTheClassOfTheWord() {
    World world = World.of(WorldConfig.defaults());
    for (Item item : new IntentSet(world).items()) {
      List<Integer> words = item.sentence().words().stream().filter(id -> id >= 0).toList();
      assertEquals(1, words.size());
      assertEquals(item.intent().object(), world.words().get(words.getFirst()).className());
    }
  }

  @Test
  void newWordsAreInTestAlone() {
    IntentSet set = set("intents.new_words=0.25");
    Set<Integer> known = new HashSet<>();
    Set<Integer> unknown = new HashSet<>();
    for (Item item : set.items()) {
      Set<Integer> words = item.speaker().split().equals("test") ? unknown : known;
      item.sentence().words().stream().filter(id -> id >= 0).forEach(words::add);
    }
    assertFalse(unknown.isEmpty());
    unknown.forEach(id -> assertFalse(known.contains(id), id + ""));
    assertEquals(14 * 3, unknown.size(), "3 of 12 words of each class");
  }

  @Test
  void voicesHeldOutForTestSpeakNothingElse() {
    IntentSet set = set("test.voices=[flite:kal16]");
    set.items("test").forEach(i -> assertEquals("flite:kal16", i.speaker().voice().label()));
    for (String split : List.of("train", "valid")) {
      set.items(split).forEach(i -> assertFalse(i.speaker().voice().name().equals("kal16")));
    }
  }

  @Test
  void severalLanguagesShareTheLabels() {
    IntentSet set =
        set(
            "speech.voices=[flite:slt, espeak-ng:de, espeak-ng:es]",
            "world.classes=12",
            "world.words=8");
    assertEquals(31, set.all().size());
    Set<String> texts =
        set.items().stream().map(i -> i.sentence().text()).collect(Collectors.toSet());
    assertTrue(texts.stream().anyMatch(text -> text.startsWith("zeig mir ")));
    assertTrue(texts.stream().anyMatch(text -> text.startsWith("muéstrame ")));
  }

  @Test
  void tooFewCombinationsAreRefused() throws IOException {
    Vocabulary english = Vocabulary.builtIn("en");
    TreeMap<String, List<String>> few = new TreeMap<>(english.actions().headMap("c"));
    Vocabulary small =
        new Vocabulary(
            "en",
            english.classes(),
            english.templates(),
            english.lists(),
            few,
            english.locations());
    Files.writeString(folder.resolve("few.json"), Json.line(small));
    DuovoxException e =
        assertThrows(
            DuovoxException.class,
            () ->
                set(
                    "world.classes=2",
                    "world.vocabulary={en: %s}".formatted(folder.resolve("few.json"))));
    assertTrue(e.getMessage().contains("make 8 intents; 31 are needed"), e.getMessage());
    assertEquals(List.of(), set("intents.utterances=0").items());
  }
}
