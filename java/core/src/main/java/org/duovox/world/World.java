package org.duovox.world;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.world.voice.Voice;

/// A microworld before anyone speaks: voices, words and grammars of all its languages.
///
/// @param config its settings
/// @param voices of train, in the order in which they take turns
/// @param testVoices of test
/// @param grammars by language
/// @param words of all languages; the id of a word is its place
record World(
    WorldConfig config,
    List<Voice> voices,
    List<Voice> testVoices,
    Map<String, Grammar> grammars,
    List<Word> words) {

  /// Puts a world together.
  ///
  /// @throws DuovoxException (BAD_CONFIG) for settings that do not fit the vocabularies
  static World of(WorldConfig config) {
    List<Voice> voices = voices(config.speech().voices(), "voices");
    List<Voice> test =
        config.test().voices().isEmpty() ? voices : voices(config.test().voices(), "test.voices");
    TreeSet<String> languages = new TreeSet<>();
    Stream.of(voices, test).forEach(some -> some.forEach(v -> languages.add(v.language())));
    requireUsed(config.world().vocabulary(), languages);
    Map<String, Vocabulary> vocabularies = vocabularies(config, languages);
    Map<String, Grammar> grammars = new LinkedHashMap<>();
    List<Word> words = new ArrayList<>();
    for (String language : languages) {
      Grammar grammar = grammar(config, vocabularies.get(language), words.size());
      grammars.put(language, grammar);
      words.addAll(grammar.words());
    }
    requireDifferent(words);
    return new World(config, voices, test, grammars, List.copyOf(words));
  }

  /// Reads the vocabularies, with the classes that all of them have before the others.
  private static Map<String, Vocabulary> vocabularies(
      WorldConfig config, TreeSet<String> languages) {
    Map<String, Vocabulary> read = new LinkedHashMap<>();
    for (String language : languages) {
      String file = config.world().vocabulary().get(language);
      read.put(
          language,
          file == null ? Vocabulary.builtIn(language) : Vocabulary.read(Path.of(file), language));
    }
    Set<String> common = new LinkedHashSet<>(read.get(languages.first()).classNames());
    read.values().forEach(vocabulary -> common.retainAll(vocabulary.classNames()));
    int wanted = config.world().classes();
    if (languages.size() > 1 && common.size() < wanted) {
      throw DuovoxException.config(
          "'classes' is %d, but the vocabularies of %s have %d classes in common"
              .formatted(wanted, String.join(", ", languages), common.size()));
    }
    read.replaceAll((language, vocabulary) -> vocabulary.startingWith(common));
    return read;
  }

  private static Grammar grammar(WorldConfig config, Vocabulary vocabulary, int firstId) {
    String file = config.world().vocabulary().get(vocabulary.language());
    return file == null
        ? new Grammar(vocabulary, config, firstId)
        : DuovoxException.within(file, () -> new Grammar(vocabulary, config, firstId));
  }

  private static List<Voice> voices(List<String> texts, String key) {
    List<Voice> voices = texts.stream().map(Voice::parse).toList();
    long different = voices.stream().map(Voice::slug).distinct().count();
    if (different < voices.size()) {
      throw DuovoxException.config(
          "'%s' names a voice twice: %s".formatted(key, String.join(", ", texts)));
    }
    return voices;
  }

  private static void requireUsed(Map<String, String> vocabulary, TreeSet<String> languages) {
    for (String language : new TreeSet<>(vocabulary.keySet())) {
      if (!languages.contains(language)) {
        throw DuovoxException.config(
            "'vocabulary' has a file for the language '%s', which no voice speaks; the voices speak %s"
                .formatted(language, String.join(", ", languages)));
      }
    }
  }

  private static void requireDifferent(List<Word> words) {
    Map<String, Word> seen = new TreeMap<>();
    for (Word word : words) {
      Word other = seen.put(word.text().toLowerCase(Locale.ROOT), word);
      if (other != null) {
        throw DuovoxException.config(
            "the word '%s' is in the vocabularies of '%s' and '%s'; tests could not tell which is meant: take it out of one"
                .formatted(word.text(), other.language(), word.language()));
      }
    }
  }

  /// Returns the voices that speak a test set.
  List<Voice> voicesOf(String set) {
    return set.equals(Word.TEST) ? testVoices : voices;
  }

  /// Returns every voice once.
  List<Voice> allVoices() {
    return Stream.concat(voices.stream(), testVoices.stream()).distinct().toList();
  }

  /// Returns the words of a test set that one of its voices can speak.
  List<Word> words(String set) {
    return words.stream()
        .filter(word -> word.set().equals(set))
        .filter(w -> voicesOf(set).stream().anyMatch(v -> v.language().equals(w.language())))
        .toList();
  }
}
