package org.duovox.convert;

/// What a pickle makes first and fills afterwards.
interface Stateful {
  void setState(Object state);
}
