package org.duovox.world;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.io.json.Json;

/// Words, templates and phrases of one language, as its JSON file holds them.
///
/// A template is text with slots: `{animal}` takes a word of the class, `{animal.1}` one of its
/// first subclass, `{animal|bug}` one of either class. Lists and phrases of intents have plain
/// `{}`.
///
/// @param language code, such as `en`
/// @param classes word classes, in the order in which a smaller world takes them
/// @param templates sentences with at least one slot
/// @param lists forms of enumerations, such as `{}. {}. {}.`
/// @param actions phrases of intents with one `{}`, by action
/// @param locations what may follow them, by location; "" is nothing
public record Vocabulary(
    String language,
    List<WordClass> classes,
    List<String> templates,
    List<String> lists,
    TreeMap<String, List<String>> actions,
    TreeMap<String, List<String>> locations) {
  /// Languages that come with the library.
  public static final List<String> BUILT_IN = List.of("de", "en", "es");

  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}'\\u2019-]*");
  private static final Pattern TEXT = Pattern.compile("[\\p{L}\\p{N}'\\u2019.,;:!?{}|\\- ]*");

  /// A class of words.
  ///
  /// @param name the same in all languages
  /// @param partner the related class that mixed enumerations take words of
  /// @param words its two subclasses
  public record WordClass(String name, String partner, List<List<String>> words) {}

  public Vocabulary {
    for (Object part : Arrays.asList(language, classes, templates, lists, actions, locations)) {
      if (part == null) {
        throw DuovoxException.badData(
            "needs language, classes, templates, lists, actions and locations");
      }
    }
    requireClasses(classes);
    Stream.of(templates, lists).forEach(texts -> texts.forEach(Vocabulary::requireText));
    Stream.of(actions, locations)
        .forEach(phrases -> phrases.values().forEach(p -> p.forEach(Vocabulary::requireText)));
    lists.forEach(list -> requireSlots(list, 2, 9));
    actions.values().forEach(phrases -> phrases.forEach(phrase -> requireSlots(phrase, 1, 1)));
  }

  /// Returns the vocabulary of a language that comes with the library.
  ///
  /// @throws DuovoxException (BAD_CONFIG) that lists what there is
  public static Vocabulary builtIn(String language) {
    if (!BUILT_IN.contains(language)) {
      throw DuovoxException.config(
          "no vocabulary for the language '%s'; there are %s. Give one: world.vocabulary: {%s: FILE}"
              .formatted(language, String.join(", ", BUILT_IN), language));
    }
    String name = language + ".json";
    try (InputStream stream = Vocabulary.class.getResourceAsStream(name)) {
      return Json.parse(
          new String(stream.readAllBytes(), StandardCharsets.UTF_8), Vocabulary.class, name);
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + name, e);
    }
  }

  List<String> classNames() {
    return classes.stream().map(WordClass::name).toList();
  }

  /// Returns the same with some of the classes before all others, so that a smaller world takes
  /// those.
  Vocabulary startingWith(Collection<String> names) {
    List<WordClass> sorted = new ArrayList<>(classes);
    sorted.sort(Comparator.comparing(c -> !names.contains(c.name()))); // Stable: false is first.
    return new Vocabulary(language, sorted, templates, lists, actions, locations);
  }

  /// Reads the vocabulary of a language from a file.
  public static Vocabulary read(Path file, String language) {
    Vocabulary vocabulary = Json.read(file, Vocabulary.class);
    if (!vocabulary.language().equals(language)) {
      throw DuovoxException.badData(
          "%s: its language is '%s', not '%s'".formatted(file, vocabulary.language(), language));
    }
    return vocabulary;
  }

  private static void requireClasses(List<WordClass> classes) {
    Set<String> names = new HashSet<>();
    Map<String, String> seen = new TreeMap<>();
    for (WordClass each : classes) {
      if (each.name() == null || !each.name().matches("[a-z][a-z0-9_]*")) {
        throw DuovoxException.badData(
            "a class needs a name of small letters, not '%s'".formatted(each.name()));
      }
      if (!names.add(each.name())) {
        throw DuovoxException.badData("the class '%s' is there twice".formatted(each.name()));
      }
      if (each.words() == null || each.words().size() != 2) {
        throw DuovoxException.badData(
            "the class '%s' needs 'words' with two lists, its subclasses".formatted(each.name()));
      }
      each.words().forEach(part -> part.forEach(word -> requireWord(word, each.name(), seen)));
    }
  }

  private static void requireWord(String word, String owner, Map<String, String> seen) {
    if (!WORD.matcher(word).matches()) {
      throw DuovoxException.badData(
          "the class '%s': '%s' is not one word of letters, digits, ' and -"
              .formatted(owner, word));
    }
    String other = seen.put(word.toLowerCase(Locale.ROOT), owner);
    if (other != null) {
      throw DuovoxException.badData(
          "the word '%s' is in the class '%s' and in '%s'; it can be in one"
              .formatted(word, other, owner));
    }
  }

  private static void requireText(String text) {
    if (!TEXT.matcher(text).matches() || text.contains("  ") || !text.equals(text.strip())) {
      throw DuovoxException.badData(
          "'%s' must be words with single blanks and . , ; : ! ? only".formatted(text));
    }
  }

  private static void requireSlots(String text, int least, int most) {
    int slots = text.split("\\{\\}", -1).length - 1;
    if (slots < least || slots > most || text.replace("{}", "").matches(".*[{}].*")) {
      throw DuovoxException.badData(
          "'%s' has %d times {}; %d to %d are possible, and no other braces"
              .formatted(text, slots, least, most));
    }
  }
}
