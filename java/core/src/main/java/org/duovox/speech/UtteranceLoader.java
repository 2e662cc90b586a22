package org.duovox.speech;

import org.duovox.audio.Audio;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.Utterance;

/// Gives the audio of an utterance; called on several threads at once.
@FunctionalInterface
public interface UtteranceLoader {
  /// Mono audio at 16 kHz.
  ///
  /// @throws org.duovox.DuovoxException when the utterance cannot be used
  Audio load(Utterance utterance);

  /// Reads the utterance's file.
  static UtteranceLoader files(AudioLoader loader) {
    return utterance -> loader.load(utterance.audio());
  }
}
