package org.duovox.model.batch;

import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.model.ModelConfig;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;

/// A run of an utterance's tokens that fits the model's positions; most utterances are one window.
///
/// An utterance that is too long is cut into the fewest windows that fit, without overlap; each
/// gets its own CLS and SEP. A channel has a position per token: more than `max_positions - 2`
/// tokens are cut into windows as equal in tokens as possible. A joint sequence has a position per
/// token and one per phonetic unit, CLS and SEP having one of each: it is cut so that the longest
/// window, in positions, is as short as possible.
///
/// @param utterance index in the corpus
/// @param from first token
/// @param to token after the last
public record Window(int utterance, int from, int to) {
  /// CLS and SEP.
  public static final int SPECIAL = 2;

  /// All windows of a corpus for models whose positions are tokens, in order.
  public static List<Window> cut(Corpus corpus, int maxPositions) {
    List<Window> windows = new ArrayList<>();
    for (int i = 0; i < corpus.size(); i++) {
      windows.addAll(cut(i, corpus.utterance(i).tokens(), maxPositions));
    }
    return windows;
  }

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
        ? new JointWindows(index, utterance, config.maxPositions()).cut()
        : cut(index, utterance.tokens(), config.maxPositions());
  }

  /// The windows of one utterance.
  public static List<Window> cut(int utterance, int tokens, int maxPositions) {
    int count = Math.max(1, Math.ceilDiv(tokens, maxPositions - SPECIAL));
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
    return to - from + SPECIAL;
  }

  /// Phonetic units in the model, those of CLS and SEP included; 0 for a single stream.
  public int phoneticUnits(UnitUtterance of) {
    return of.phonetic().length == 0 ? 0 : of.end()[to - 1] - of.start()[from] + 1 + SPECIAL;
  }
}
