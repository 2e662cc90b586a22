package org.duovox.units.corpus;

import org.duovox.units.IntList;
import org.duovox.units.UtteranceInfo;

/// Merges repeated units: contextual frames into tokens with durations, and phonetic units within
/// each token.
///
/// The rules are those of the first author's prototype: the contextual stream is run-length
/// collapsed; the phonetic units of a token's frames are listed with consecutive duplicates
/// collapsed, starting afresh at each token. A token without a phonetic frame, which happens where
/// the phonetic stream is the coarser one, takes the unit of the phonetic frame nearest to its
/// middle.
final class Merge {
  private final AlignConfig config;
  private final Alignment alignment;
  private final IntList tokens = new IntList();
  private final IntList durations = new IntList();
  private final IntList units = new IntList();
  private final IntList start = new IntList();
  private final IntList end = new IntList();
  private int borrowed;

  Merge(AlignConfig config, Alignment alignment) {
    this.config = config;
    this.alignment = alignment;
  }

  /// Returns the merged utterance.
  UnitUtterance merge(UtteranceInfo info, int[] contextual, FrameAligner.AlignedFrames aligned) {
    clear();
    int[] phonetic = aligned.units();
    int[] owner = aligned.owner();
    int next = 0;
    for (int first = 0; first < contextual.length; ) {
      int last = lastOfRun(contextual, first);
      tokens.add(contextual[first]);
      durations.add(last - first + 1);
      start.add(units.size());
      int from = next;
      while (next < phonetic.length && owner[next] <= last) {
        addUnit(phonetic[next], next == from);
        next++;
      }
      if (next == from) {
        units.add(phonetic[alignment.nearest(first, last, phonetic.length, aligned.shift())]);
        borrowed++;
      }
      end.add(units.size() - 1);
      first = last + 1;
    }
    return new UnitUtterance(
        info.id(),
        tokens.toArray(),
        durations.toArray(),
        units.toArray(),
        start.toArray(),
        end.toArray(),
        info.samples(),
        info.fields(),
        info.audioSha256());
  }

  /// Number of tokens so far that took the unit of a neighboring frame.
  int borrowed() {
    return borrowed;
  }

  /// The array without units that repeat the one before.
  static int[] collapse(int[] values) {
    IntList kept = new IntList();
    for (int i = 0; i < values.length; i++) {
      if (i == 0 || values[i] != values[i - 1]) {
        kept.add(values[i]);
      }
    }
    return kept.toArray();
  }

  /// Estimates how many frames the phonetic units of an utterance last when equal neighbors are
  /// collapsed: those of a token share its time evenly, and each lasts at least one frame.
  ///
  /// @param ratio phonetic frames of a contextual one
  static int[] collapsedDurations(UnitUtterance utterance, double ratio) {
    int[] units = utterance.phonetic();
    IntList durations = new IntList();
    double begin = 0; // Of the token.
    long given = 0; // Frames so far.
    for (int t = 0; t < utterance.tokens(); t++) {
      double lasts = utterance.durations()[t] * ratio;
      int count = utterance.end()[t] - utterance.start()[t] + 1;
      for (int i = utterance.start()[t]; i <= utterance.end()[t]; i++) {
        double end = begin + lasts * (i - utterance.start()[t] + 1) / count;
        if (i + 1 == units.length || units[i + 1] != units[i]) {
          int frames = (int) Math.max(1, Math.round(end) - given);
          durations.add(frames);
          given += frames;
        }
      }
      begin += lasts;
    }
    return durations.toArray();
  }

  private void addUnit(int unit, boolean firstOfToken) {
    if (firstOfToken || !config.mergePhonetic() || units.get(units.size() - 1) != unit) {
      units.add(unit);
    }
  }

  private int lastOfRun(int[] contextual, int first) {
    int last = first;
    while (config.mergeContextual()
        && last + 1 < contextual.length
        && contextual[last + 1] == contextual[first]) {
      last++;
    }
    return last;
  }

  private void clear() {
    tokens.clear();
    durations.clear();
    units.clear();
    start.clear();
    end.clear();
  }
}
