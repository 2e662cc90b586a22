package org.duovox.speech.extract;

import org.duovox.audio.Audio;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.manifest.Utterance;

/// Loads the audio of an utterance. Called on several threads at once.
@FunctionalInterface
public interface UtteranceLoader {
  /// Loads mono audio at 16 kHz.
  ///
  /// @throws org.duovox.DuovoxException when the utterance cannot be used
  Audio load(Utterance utterance);

  /// The same piece by piece; by default in one piece. Rethrows what the sink throws.
  default void stream(Utterance utterance, Audio.Sink sink) {
    sink.samples(load(utterance).samples());
  }

  /// A loader that reads the file of the utterance, or its excerpt of the file.
  static UtteranceLoader files(AudioLoader loader) {
    return new UtteranceLoader() {
      @Override
      public Audio load(Utterance utterance) {
        return loader.load(utterance);
      }

      @Override
      public void stream(Utterance utterance, Audio.Sink sink) {
        loader.stream(utterance, sink);
      }
    };
  }
}
