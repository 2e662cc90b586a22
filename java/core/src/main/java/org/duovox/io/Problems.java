package org.duovox.io;

import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException;

/// What is wrong with an input, collected so that it is told at once.
public final class Problems {
  private static final int SHOWN = 20;

  private final List<String> first = new ArrayList<>();
  private int count;

  /// Adds a problem, which begins with its place.
  public void add(String problem) {
    if (count++ < SHOWN) {
      first.add(problem);
    }
  }

  public boolean isEmpty() {
    return count == 0;
  }

  /// Refuses the input, if anything is wrong with it: a single problem is the message, several are
  /// its lines.
  public void throwIfAny(DuovoxException.Kind kind, String summary) {
    if (count == 1) {
      throw new DuovoxException(kind, first.getFirst());
    }
    if (count > 1) {
      String more = count > SHOWN ? "\n  and %d more".formatted(count - SHOWN) : "";
      throw new DuovoxException(
          kind,
          "%s, %d problems:\n  %s%s".formatted(summary, count, String.join("\n  ", first), more));
    }
  }
}
