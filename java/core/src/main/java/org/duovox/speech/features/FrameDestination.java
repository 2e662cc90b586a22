package org.duovox.speech.features;

import java.util.Map;
import org.duovox.audio.manifest.Utterance;
import org.duovox.speech.AudioIdentity;
import org.duovox.speech.Frames;
import org.duovox.speech.SkippedUtterance;

/// Where an extraction sends its frames: one utterance after the other, each in one or more pieces
/// along time.
///
/// Everything but [#prepare] is called on one thread, in the order of the manifest.
///
/// @param <P> what is kept of a piece
public interface FrameDestination<P> {
  /// Makes of a piece's frames, by layer, what is kept of it; called on several threads at once.
  P prepare(Map<String, Frames> frames);

  /// Begins an utterance.
  void begin(Utterance utterance);

  /// The utterance's next piece.
  void append(P piece);

  /// The utterance is whole.
  ///
  /// @param audio what its audio was
  void finish(AudioIdentity audio);

  /// The utterance turned out to be unusable after it was begun: nothing of it is kept.
  void abandon();

  /// An utterance that could not be used.
  void skip(SkippedUtterance utterance);
}
