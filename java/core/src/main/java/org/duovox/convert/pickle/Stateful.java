package org.duovox.convert.pickle;

/// What a pickle makes first and fills afterwards.
public interface Stateful {
  void setState(Object state);
}
