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
import java.util.Locale;
import java.util.Set;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.io.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class VocabularyTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"en,20,12", "de,12,8", "es,12,8"})
  void builtInLanguagesAreLargeEnough(String language, int classes, int words) {
    Vocabulary vocabulary = Vocabulary.builtIn(language);
    assertEquals(language, vocabulary.language());
    assertTrue(vocabulary.classes().size() >= classes, language);
    vocabulary
        .classes()
        .forEach(c -> c.words().forEach(part -> assertTrue(2 * part.size() >= words, c.name())));
    Grammar grammar = new Grammar(vocabulary, config(vocabulary, words), 0);
    for (Vocabulary.WordClass each : vocabulary.classes()) {
      long templates =
          vocabulary.templates().stream()
              .filter(t -> t.matches(".*[{|]" + each.name() + "\\b.*"))
              .count();
      assertTrue(templates >= 4, () -> each.name() + " has too few templates");
      assertTrue(grammar.classes().contains(each.partner()), each.name() + " has no partner");
    }
  }

  private static WorldConfig config(Vocabulary vocabulary, int words) {
    return Worlds.config("world.classes=" + vocabulary.classes().size(), "world.words=" + words);
  }

  /// A word that also stands in the fixed text of a template would occur where its class does not.
  @ParameterizedTest
  @ValueSource(strings = {"en", "de", "es"})
  void wordsOfClassesStandInSlotsOnly(String language) {
    Vocabulary vocabulary = Vocabulary.builtIn(language);
    Set<String> fixed = new HashSet<>();
    vocabulary.templates().forEach(text -> fixed.addAll(tokens(text)));
    vocabulary.lists().forEach(text -> fixed.addAll(tokens(text)));
    vocabulary.actions().values().forEach(some -> some.forEach(t -> fixed.addAll(tokens(t))));
    vocabulary.locations().values().forEach(some -> some.forEach(t -> fixed.addAll(tokens(t))));
    for (Vocabulary.WordClass each : vocabulary.classes()) {
      for (List<String> part : each.words()) {
        part.forEach(word -> assertFalse(fixed.contains(word.toLowerCase(Locale.ROOT)), word));
      }
    }
  }

  private static List<String> tokens(String text) {
    return List.of(text.toLowerCase(Locale.ROOT).replaceAll("\\{[^}]*\\}", "").split("[ .,]+"));
  }

  @Test
  void noWordIsInTwoLanguages() {
    World world =
        World.of(
            Worlds.config(
                "speech.voices=[flite:slt, espeak-ng:de, espeak-ng:es]",
                "world.classes=14",
                "world.words=8"));
    assertEquals(3 * 14 * 8, world.words().size());
    for (int i = 0; i < world.words().size(); i++) {
      assertEquals(i, world.words().get(i).id());
    }
  }

  @Test
  void allLanguagesNameTheSameIntents() {
    Vocabulary english = Vocabulary.builtIn("en");
    for (String language : Vocabulary.BUILT_IN) {
      Vocabulary other = Vocabulary.builtIn(language);
      assertEquals(english.actions().keySet(), other.actions().keySet());
      assertEquals(english.locations().keySet(), other.locations().keySet());
    }
  }

  @Test
  void anUnknownLanguageListsTheOthers() {
    DuovoxException e =
        assertThrows(
            DuovoxException.class, () -> World.of(Worlds.config("speech.voices=[espeak-ng:fi]")));
    assertEquals(Kind.BAD_CONFIG, e.kind());
    assertTrue(e.getMessage().contains("'fi'; there are de, en, es"), e.getMessage());
  }

  private DuovoxException refused(String what, String instead) throws IOException {
    String text = Json.line(Vocabulary.builtIn("en"));
    assertTrue(text.contains(what), what);
    Path file = folder.resolve("en.json");
    Files.writeString(file, text.replace(what, instead));
    DuovoxException e =
        assertThrows(
            DuovoxException.class,
            () -> World.of(Worlds.config("world.vocabulary={en: " + file + "}")));
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    return e;
  }

  @Test
  void filesOfVocabulariesAreChecked() throws IOException {
    assertTrue(refused("\"hamster\"", "\"two words\"").getMessage().contains("two words"));
    assertTrue(
        refused("\"hamster\"", "\"apple\"").getMessage().contains("'apple' is in the class"));
    assertTrue(refused("\"hamster\"", "\"a;b\"").getMessage().contains("one word"));
    assertTrue(refused("{animal.1}", "{animel}").getMessage().contains("'animel'"));
    assertTrue(refused("{animal.1}", "{animal.3}").getMessage().contains("'animal.3'"));
    assertTrue(refused("her {animal.1} every", "her own every").getMessage().contains("one slot"));
    assertTrue(refused("{}. {}. {}.", "{}.").getMessage().contains("1 times {}"));
    assertTrue(refused("bring me the {}", "bring me").getMessage().contains("0 times {}"));
    assertTrue(refused("\"language\":\"en\"", "\"language\":\"fr\"").getMessage().contains("'fr'"));
  }
}
