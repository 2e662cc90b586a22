package org.duovox.slu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.units.SplitMix;
import org.duovox.units.corpus.Corpus;

/// Chooses training utterances by their class: as many of each class as of the commonest, or a few
/// of each.
public final class ClassBalance {
  private ClassBalance() {}

  /// Returns a corpus in which every class occurs about as often as the commonest one: utterances
  /// of rarer classes are repeated as a whole, each as often as the others of its class.
  ///
  /// @throws org.duovox.DuovoxException (BAD_DATA) that names an utterance without a label
  public static Corpus repeatRare(Corpus training, Slots slots) {
    Map<String, List<Integer>> byClass = byClass(training, slots);
    int most = byClass.values().stream().mapToInt(List::size).max().orElse(0);
    List<Integer> chosen = new ArrayList<>();
    byClass
        .values()
        .forEach(members -> {
          int times = (int) Math.rint((double) most / members.size());
          for (int i = 0; i < times; i++) {
            chosen.addAll(members);
          }
        });
    return training.select(chosen.stream().sorted().mapToInt(i -> i));
  }

  /// Draws at most so many utterances of each class.
  ///
  /// @return their indices in the corpus, ascending
  static int[] few(Map<String, List<Integer>> byClass, int shots, SplitMix draws) {
    List<Integer> chosen = new ArrayList<>();
    byClass
        .values()
        .forEach(members -> {
          int[] order = members.stream().mapToInt(i -> i).toArray();
          draws.shuffle(order, order.length);
          for (int i = 0; i < Math.min(shots, order.length); i++) {
            chosen.add(order[i]);
          }
        });
    return chosen.stream().sorted().mapToInt(i -> i).toArray();
  }

  /// Returns the indices of the utterances of each class, in the order of the first ones.
  static Map<String, List<Integer>> byClass(Corpus corpus, Slots slots) {
    Map<String, List<Integer>> byClass = new LinkedHashMap<>();
    for (int i = 0; i < corpus.size(); i++) {
      byClass.computeIfAbsent(slots.label(corpus.utterance(i)), label -> new ArrayList<>()).add(i);
    }
    return byClass;
  }
}
