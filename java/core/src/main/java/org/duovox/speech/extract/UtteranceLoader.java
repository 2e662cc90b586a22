package org.duovox.speech.extract;

import org.duovox.audio.Audio;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.manifest.Utterance;

/// Gives the audio of an utterance; called on several threads at once.
@FunctionalInterface
public interface UtteranceLoader {
  /// Mono audio at 16 kHz.
  ///
  /// @throws org.duovox.DuovoxException when the utterance cannot be used
  Audio load(Utterance utterance);

  /// The same piece by piece; one piece unless a loader knows better. What the sink throws is
  /// thrown on.
  default void stream(Utterance utterance, Audio.Sink sink) {
    sink.samples(load(utterance).samples());
  }

  /// Reads the utterance's file, or its excerpt of it.
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
