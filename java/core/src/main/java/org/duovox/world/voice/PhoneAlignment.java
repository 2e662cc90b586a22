package org.duovox.world.voice;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.duovox.world.voice.Spoken.Span;

/// Finds which of an utterance's phones belong to which word: the alignment with the phones of the
/// words said alone that has the fewest differences. Phones change between words ("the apple").
final class PhoneAlignment {
  /// The silence among the phones.
  static final String PAUSE = "pau";

  /// A phone as it was said.
  record Phone(String name, Span time) {
    private boolean isPause() {
      return name.equals(PAUSE);
    }
  }

  private final List<Phone> said;
  private final List<String> expected = new ArrayList<>();
  private final List<Integer> owner = new ArrayList<>();
  private final int[][] cost;

  private PhoneAlignment(List<Phone> said, List<List<String>> words) {
    this.said = said;
    for (int word = 0; word < words.size(); word++) {
      for (String phone : words.get(word)) {
        expected.add(phone);
        owner.add(word);
      }
    }
    cost = new int[said.size() + 1][expected.size() + 1];
    fill();
  }

  /// Returns when each word is said; unknown for a word without phones, and for all words when more
  /// than a third of the phones differ.
  ///
  /// @param words the phones of each word alone
  static List<Span> align(List<Phone> said, List<List<String>> words) {
    return new PhoneAlignment(said, words).times(words.size());
  }

  private void fill() {
    for (int i = 0; i <= said.size(); i++) {
      for (int j = 0; j <= expected.size(); j++) {
        int best = i == 0 && j == 0 ? 0 : Integer.MAX_VALUE;
        if (i > 0) {
          best = Math.min(best, cost[i - 1][j] + skip(i));
        }
        if (j > 0) {
          best = Math.min(best, cost[i][j - 1] + 1);
        }
        if (i > 0 && j > 0 && !said.get(i - 1).isPause()) {
          best = Math.min(best, cost[i - 1][j - 1] + difference(i, j));
        }
        cost[i][j] = best;
      }
    }
  }

  private int skip(int i) {
    return said.get(i - 1).isPause() ? 0 : 1;
  }

  private int difference(int i, int j) {
    return said.get(i - 1).name().equals(expected.get(j - 1)) ? 0 : 1;
  }

  private List<Span> times(int words) {
    Span[] times = new Span[words];
    Arrays.fill(times, Span.UNKNOWN);
    int i = said.size();
    int j = expected.size();
    if (3 * cost[i][j] > j) {
      return Arrays.asList(times);
    }
    while (i > 0 && j > 0) {
      boolean pause = said.get(i - 1).isPause();
      if (!pause && cost[i][j] == cost[i - 1][j - 1] + difference(i, j)) {
        i--;
        j--;
        Span phone = said.get(i).time();
        int word = owner.get(j);
        times[word] = times[word].isKnown() ? new Span(phone.start(), times[word].end()) : phone;
      } else if (cost[i][j] == cost[i - 1][j] + skip(i)) {
        i--;
      } else {
        j--;
      }
    }
    return Arrays.asList(times);
  }
}
