package org.duovox.world;

/// The files of a set, by number.
interface SpeechPlan {
  int size();

  /// Returns a file; the same at every call.
  Job job(int index);
}
