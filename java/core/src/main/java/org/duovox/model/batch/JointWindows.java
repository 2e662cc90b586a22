package org.duovox.model.batch;

import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.units.corpus.UnitUtterance;

/// Cuts one utterance for a joint sequence, where tokens and phonetic units share the positions:
/// the fewest windows, and of those the cut whose longest window is shortest.
final class JointWindows {
  // CLS and SEP, each with a phonetic unit of its own.
  private static final int SPECIAL = 2 * Window.SPECIAL;

  private final int index;
  private final UnitUtterance utterance;
  private final int room;

  JointWindows(int index, UnitUtterance utterance, int maxPositions) {
    this.index = index;
    this.utterance = utterance;
    this.room = maxPositions - SPECIAL;
  }

  List<Window> cut() {
    int longest = 0;
    for (int t = 0; t < utterance.tokens(); t++) {
      longest = Math.max(longest, cost(t));
      requireRoom(t);
    }
    int fewest = greedy(room).size();
    int total = 0;
    for (int t = 0; t < utterance.tokens(); t++) {
      total += cost(t);
    }
    // The least room that still gives the fewest windows, by bisection: more room, fewer windows.
    int low = Math.max(longest, Math.ceilDiv(total, fewest));
    int high = room;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (greedy(middle).size() <= fewest) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return greedy(low);
  }

  /// Windows of at most so many positions without CLS and SEP, each as long as can be.
  private List<Window> greedy(int positions) {
    List<Window> windows = new ArrayList<>();
    int from = 0;
    int used = 0;
    for (int t = 0; t < utterance.tokens(); t++) {
      if (used + cost(t) > positions && t > from) {
        windows.add(new Window(index, from, t));
        from = t;
        used = 0;
      }
      used += cost(t);
    }
    windows.add(new Window(index, from, utterance.tokens()));
    return windows;
  }

  /// Positions of a token and its phonetic units.
  private int cost(int token) {
    return 2 + utterance.end()[token] - utterance.start()[token];
  }

  private void requireRoom(int token) {
    if (cost(token) > room) {
      throw DuovoxException.badData(
          ("%s: token %d has %d phonetic units; with it, CLS and SEP that is %d positions, and the"
                  + " joint sequence has %d; set model.max_positions to at least that")
              .formatted(
                  utterance.id(), token, cost(token) - 1, cost(token) + SPECIAL, room + SPECIAL));
    }
  }
}
