package org.duovox.speech.extract;

import org.duovox.speech.SkippedUtterance;

/// Hears how an extraction goes on; called on the thread that runs it.
public interface ExtractionListener {
  /// Hears nothing.
  ExtractionListener NONE = (done, total, seconds) -> {};

  /// @param done utterances finished, skipped ones included
  /// @param total utterances of the manifest
  /// @param seconds of audio encoded so far
  void progress(int done, int total, double seconds);

  /// An utterance could not be used.
  default void skipped(SkippedUtterance utterance) {}
}
