package org.duovox.world;

import java.util.HashMap;
import java.util.Map;

/// Gold similarities: the cosine of how often two words occur in each slot.
final class Similarity {
  private final Map<Word, Map<String, Double>> counts = new HashMap<>();

  Similarity(World world) {
    world.grammars().values().forEach(grammar -> counts.putAll(grammar.slotCounts()));
  }

  /// Returns how often a word occurs in each slot per utterance of its language.
  Map<String, Double> counts(Word word) {
    return counts.get(word);
  }

  /// Returns the cosine of two words' counts, from 0 to 1.
  double cosine(Word a, Word b) {
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  }

  private double dot(Word a, Word b) {
    double sum = 0;
    for (Map.Entry<String, Double> slot : counts.get(a).entrySet()) {
      sum += slot.getValue() * counts.get(b).getOrDefault(slot.getKey(), 0.0);
    }
    return sum;
  }
}
