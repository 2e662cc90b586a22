package org.duovox.speech.features;

import java.util.Map;
import org.duovox.audio.manifest.Utterance;
import org.duovox.speech.AudioIdentity;
import org.duovox.speech.Frames;
import org.duovox.speech.SkippedUtterance;

/// Receives the frames of an extraction: one utterance after the other, each in one or more pieces
/// along time.
///
/// Everything but [#prepare] is called on one thread, in the order of the manifest.
///
/// @param <P> what is kept of a piece
public interface FrameDestination<P> {
  /// Turns the frames of a piece, by layer, into what is kept of it. Called on several threads at
  /// once.
  P prepare(Map<String, Frames> frames);

  /// Begins an utterance.
  void begin(Utterance utterance);

  /// Appends the next piece of the utterance.
  void append(P piece);

  /// Ends the utterance, which is complete.
  ///
  /// @param audio identity of its audio
  void finish(AudioIdentity audio);

  /// Drops the utterance, which turned out to be unusable after it was begun.
  void abandon();

  /// Records an utterance that could not be used.
  void skip(SkippedUtterance utterance);
}
