package org.duovox.model.batch;

import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.model.ModelConfig;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;

/// A run of an utterance's tokens that fits into the model's positions; most utterances are one
/// window.
///
/// An utterance that is too long is cut into the fewest windows that fit, without overlap; each
/// window gets its own CLS and SEP. A channel has a position per token: more than `max_positions -
/// 2` tokens are cut into windows as equal in tokens as possible. A joint sequence has a position
/// per token and one per phonetic unit, and CLS and SEP have one of each: it is cut so that the
/// longest window, in positions, is as short as possible.
///
/// @param utterance index in the corpus
/// @param from first token
/// @param to token after the last
public record Window(int utterance, int from, int to) {
  /// CLS and SEP, which every window has around its tokens.
  static final int ENDS = 2;

  /// All windows of a corpus, as a model of this shape reads it, in order.
  ///
  /// @throws DuovoxException (BAD_DATA) for a token whose phonetic units alone are more than a
  ///   joint sequence holds
  public static List<Window> cut(Corpus corpus, ModelConfig config) {
    List<Window> windows = new ArrayList<>();
    for (int i = 0; i < corpus.size(); i++) {
      windows.addAll(cut(i, corpus.utterance(i), config));
    }
    return windows;
  }

  /// The windows of one utterance, as a model of this shape reads it.
  public static List<Window> cut(int index, UnitUtterance utterance, ModelConfig config) {
    return config.kind() == ModelConfig.Kind.JOINT
        ? new JointCut(index, utterance, config.maxPositions()).windows()
        : evenly(index, utterance.tokens(), config.maxPositions());
  }

  /// The windows of one utterance for a model whose positions are tokens.
  static List<Window> evenly(int utterance, int tokens, int maxPositions) {
    int count = Math.max(1, Math.ceilDiv(tokens, maxPositions - ENDS));
    List<Window> windows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      windows.add(
          new Window(
              utterance,
              (int) ((long) tokens * i / count),
              (int) ((long) tokens * (i + 1) / count)));
    }
    return windows;
  }

  /// Positions in the model, CLS and SEP included.
  public int positions() {
    return to - from + ENDS;
  }

  /// Phonetic units in the model, those of CLS and SEP included; 0 for a single stream.
  public int phoneticUnits(UnitUtterance of) {
    return of.phonetic().length == 0 ? 0 : of.end()[to - 1] - of.start()[from] + 1 + ENDS;
  }

  /// Cuts one utterance for a joint sequence, where tokens and phonetic units share the positions:
  /// into the fewest windows, and of these cuts into the one whose longest window is shortest.
  static final class JointCut {
    // CLS and SEP, each with a phonetic unit of its own.
    private static final int JOINT_ENDS = 2 * ENDS;

    private final int index;
    private final UnitUtterance utterance;
    private final int room;

    JointCut(int index, UnitUtterance utterance, int maxPositions) {
      this.index = index;
      this.utterance = utterance;
      this.room = maxPositions - JOINT_ENDS;
    }

    List<Window> windows() {
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

    /// Windows of at most so many positions without CLS and SEP, each as long as possible.
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
                    utterance.id(),
                    token,
                    cost(token) - 1,
                    cost(token) + JOINT_ENDS,
                    room + JOINT_ENDS));
      }
    }
  }
}
