package org.duovox.convert;

import java.util.Collections;
import java.util.List;

/// A tuple of Python, or the arguments of a call.
record Tuple(List<Object> values) {
  Tuple {
    values = Collections.unmodifiableList(values); // May hold null, and is not kept by the caller.
  }

  int size() {
    return values.size();
  }

  /// A member, or null beyond the end.
  Object get(int index) {
    return index < values.size() ? values.get(index) : null;
  }
}
