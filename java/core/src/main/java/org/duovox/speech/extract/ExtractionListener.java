package org.duovox.speech.extract;

import org.duovox.speech.SkippedUtterance;

/// Receives the progress of an extraction, on the thread that runs it.
public interface ExtractionListener {
  /// Ignores everything.
  ExtractionListener NONE = (done, total, seconds) -> {};

  /// @param done utterances finished, skipped ones included
  /// @param total utterances of the manifest
  /// @param seconds of audio encoded so far
  void progress(int done, int total, double seconds);

  /// Reports an utterance that could not be used.
  default void skipped(SkippedUtterance utterance) {}
}
