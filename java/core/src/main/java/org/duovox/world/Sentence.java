package org.duovox.world;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A text to speak, and which of its tokens are words of the world.
///
/// @param text tokens with single blanks between them
/// @param words the id of the word that each token is, or -1
public record Sentence(String text, List<Integer> words) {
  static final int NONE = -1;

  public Sentence {
    words = List.copyOf(words);
    if (tokens(text).size() != words.size()) {
      throw new IllegalArgumentException(text + ": " + words);
    }
  }

  /// Returns the sentence of one word alone.
  static Sentence of(Word word) {
    return new Sentence(word.text(), List.of(word.id()));
  }

  /// Fills the `{}` of a form, in order.
  static Sentence fill(String form, List<Word> words) {
    List<Integer> ids = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    int next = 0;
    for (String token : tokens(form)) {
      boolean slot = token.contains("{}");
      ids.add(slot ? words.get(next).id() : NONE);
      text.append(text.isEmpty() ? "" : " ");
      text.append(slot ? token.replace("{}", words.get(next++).text()) : token);
    }
    return new Sentence(text.toString(), ids);
  }

  /// Returns the tokens, with their punctuation.
  List<String> tokens() {
    return tokens(text);
  }

  /// Returns a token without its punctuation.
  static String bare(String token) {
    return token.replaceAll("^[.,;:!?]+|[.,;:!?]+$", "");
  }

  private static List<String> tokens(String text) {
    return Arrays.asList(text.split(" "));
  }
}
