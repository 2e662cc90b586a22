package org.duovox.convert.pickle;

import java.util.Collections;
import java.util.List;

/// A tuple of Python, or the arguments of a call.
public record Tuple(List<Object> values) {
  public Tuple {
    values = Collections.unmodifiableList(values); // May hold null, and is not kept by the caller.
  }

  public int size() {
    return values.size();
  }

  /// A member, or null beyond the end.
  public Object get(int index) {
    return index < values.size() ? values.get(index) : null;
  }
}
