package org.duovox.train.data;

import java.util.List;
import org.duovox.model.batch.Window;
import org.duovox.units.SplitMix;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;

/// Random crops of training windows: in each epoch another run of tokens of a window, as a pure
/// function of seed, epoch and window. Shorter windows stay whole.
///
/// @param tokens of a crop; 0 = all windows stay whole
/// @param seed of the draws
record Crops(int tokens, long seed) {
  /// All windows as they are.
  static final Crops NONE = new Crops(0, 0);

  // Keeps these draws apart from the others of the same seed.
  private static final long PURPOSE = 0x5EED0002;

  /// Returns the part of a window that an epoch reads.
  Window draw(long epoch, Window window) {
    int room = room(window);
    if (room == 0) {
      return window;
    }
    SplitMix draws = SplitMix.of(seed, PURPOSE, epoch, EpochSource.key(window));
    return from(window, window.from() + draws.nextInt(room + 1));
  }

  /// Returns for each window its largest crop, which no other exceeds.
  List<Window> largest(List<Window> windows, Corpus corpus) {
    return tokens == 0
        ? windows
        : windows.stream()
            .map(window -> largest(window, corpus.utterance(window.utterance())))
            .toList();
  }

  /// Returns the crop with the most phonetic units.
  Window largest(Window window, UnitUtterance utterance) {
    int room = room(window);
    Window largest = room == 0 ? window : from(window, window.from());
    for (int i = 1; i <= room; i++) {
      Window crop = from(window, window.from() + i);
      if (crop.phoneticUnits(utterance) > largest.phoneticUnits(utterance)) {
        largest = crop;
      }
    }
    return largest;
  }

  /// Returns the positions of a window's crops, CLS and SEP included.
  int positions(Window window) {
    return window.positions() - room(window);
  }

  /// Returns how many tokens a crop of the window leaves out.
  private int room(Window window) {
    return tokens == 0 ? 0 : Math.max(0, window.to() - window.from() - tokens);
  }

  private Window from(Window window, int first) {
    return new Window(window.utterance(), first, first + tokens);
  }
}
