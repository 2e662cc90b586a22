package org.duovox.units.corpus;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.duovox.DuovoxException;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;
import org.duovox.units.StreamInfo;

/// Corpora whose units are the true words of utterances: what a language model could learn if units
/// were words. Case and punctuation do not count; every token lasts one frame and has one phonetic
/// unit, which single-stream models do not read.
///
/// @param words sorted; a word's place is its unit
public record WordCorpus(List<String> words) {
  private static final Pattern BETWEEN = Pattern.compile("[^\\p{L}\\p{M}\\p{N}']+");
  private static final String FIELD = "text";
  private static final String FILE = "words.json";
  private static final int LISTED = 5;

  public WordCorpus {
    words = List.copyOf(words);
  }

  /// Returns the vocabulary of texts.
  public static WordCorpus of(Collection<String> texts) {
    TreeSet<String> words = new TreeSet<>();
    texts.forEach(text -> words.addAll(split(text)));
    if (words.isEmpty()) {
      throw DuovoxException.badData("the texts of the utterances hold no word");
    }
    return new WordCorpus(List.copyOf(words));
  }

  /// Reads the vocabulary beside a model; empty where there is none, since its units are no words.
  public static Optional<WordCorpus> beside(Path model) {
    Path file = model.resolve(FILE);
    return Files.isRegularFile(file)
        ? Optional.of(Json.read(file, WordCorpus.class))
        : Optional.empty();
  }

  /// Writes the vocabulary beside a model.
  public void write(Path model) {
    AtomicFiles.write(model.resolve(FILE), Json.pretty(this));
  }

  /// Returns the texts of utterances by id, from the field `text` of their manifest; copies of one
  /// recording are left out, since they say the same.
  ///
  /// @throws DuovoxException (BAD_DATA) for an utterance without one
  public static Map<String, String> texts(Corpus corpus) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (UnitUtterance utterance : corpus.utterances()) {
      String text = utterance.fields().get(FIELD);
      if (text == null) {
        throw DuovoxException.badData(
            "systems: words needs the field '%s' with what is said; %s has none"
                .formatted(FIELD, utterance.id()));
      }
      if (!utterance.isCopy()) {
        texts.put(utterance.id(), text);
      }
    }
    return texts;
  }

  /// Returns the words of a text.
  static List<String> split(String text) {
    return BETWEEN
        .splitAsStream(text.toLowerCase(Locale.ROOT))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  /// Makes a corpus of texts by id.
  ///
  /// @throws DuovoxException (BAD_DATA) for words that are not of the vocabulary, or a text without
  ///   any
  public Corpus corpus(Map<String, String> texts) {
    Map<String, Integer> units = new HashMap<>();
    words.forEach(word -> units.put(word, units.size()));
    requireKnown(texts.values(), units);
    List<UnitUtterance> utterances = new ArrayList<>();
    texts.forEach((id, text) -> {
      int[] tokens = split(text).stream().mapToInt(units::get).toArray();
      if (tokens.length == 0) {
        throw DuovoxException.badData("the text of " + id + " holds no word: '" + text + "'");
      }
      utterances.add(utterance(id, tokens));
    });
    return Corpus.of(stream(words.size()), stream(1), utterances);
  }

  private static void requireKnown(Collection<String> texts, Map<String, Integer> units) {
    TreeSet<String> unknown = new TreeSet<>();
    texts.forEach(text ->
        split(text).stream().filter(word -> !units.containsKey(word)).forEach(unknown::add));
    if (!unknown.isEmpty()) {
      throw DuovoxException.badData(
          "%d words occur in no training text, e.g. %s"
              .formatted(
                  unknown.size(), String.join(", ", unknown.stream().limit(LISTED).toList())));
    }
  }

  private static UnitUtterance utterance(String id, int... tokens) {
    int[] ones = new int[tokens.length];
    int[] places = new int[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      ones[i] = 1;
      places[i] = i;
    }
    return new UnitUtterance(
        id, tokens, ones, new int[tokens.length], places, places, 0, Map.of(), "");
  }

  private static CorpusStream stream(int vocabulary) {
    StreamInfo origin = new StreamInfo("words", "text", "", "none", "whole", 1, 0);
    return new CorpusStream(origin, vocabulary, Optional.empty());
  }
}
