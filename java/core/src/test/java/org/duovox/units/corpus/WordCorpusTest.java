package org.duovox.units.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.duovox.DuovoxException.Kind;
import org.duovox.testing.Failures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Corpora of true words: what a word is, and which unit it gets.
final class WordCorpusTest {
  @Test
  void wordsAreUnitsWhateverTheirCaseAndPunctuation() {
    WordCorpus words = WordCorpus.of(List.of("The apple, the plum.", "It's a Birne - größer!"));
    assertEquals(List.of("a", "apple", "birne", "größer", "it's", "plum", "the"), words.words());
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("two", "the PLUM; the apple?");
    texts.put("one", "apple");
    Corpus corpus = words.corpus(texts);
    assertArrayEquals(new int[] {6, 5, 6, 1}, corpus.utterance(0).contextual());
    assertArrayEquals(new int[] {1}, corpus.utterance(1).contextual());
    assertEquals(
        7, corpus.single(org.duovox.units.UnitStream.CONTEXTUAL).contextual().vocabulary());
  }

  @Test
  void wordsThatWereNeverHeardAreNamed() {
    WordCorpus words = WordCorpus.of(List.of("the apple"));
    Failures.assertFails(
        Kind.BAD_DATA, () -> words.corpus(Map.of("x", "the pear")), "1 words", "pear");
    Failures.assertFails(Kind.BAD_DATA, () -> words.corpus(Map.of("x", " ... ")), "no word");
    Failures.assertFails(Kind.BAD_DATA, () -> WordCorpus.of(List.of("?")), "no word");
  }

  @Test
  void theVocabularyLiesBesideTheModel(@TempDir Path folder) {
    assertEquals(Optional.empty(), WordCorpus.beside(folder));
    WordCorpus words = WordCorpus.of(List.of("a b"));
    words.write(folder);
    assertEquals(Optional.of(words), WordCorpus.beside(folder));
  }
}
