package org.duovox.exchange;

import java.util.ArrayList;
import java.util.List;

/// Run-length form of units: every run of equal neighbours once, with its length.
record Runs(List<Integer> units, List<Integer> durations) {

  static Runs of(int[] frames) {
    List<Integer> units = new ArrayList<>();
    List<Integer> durations = new ArrayList<>();
    int first = 0;
    for (int i = 1; i <= frames.length; i++) {
      if (i == frames.length || frames[i] != frames[first]) {
        units.add(frames[first]);
        durations.add(i - first);
        first = i;
      }
    }
    return new Runs(units, durations);
  }
}
