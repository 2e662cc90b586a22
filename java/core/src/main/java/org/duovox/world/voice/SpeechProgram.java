package org.duovox.world.voice;

import java.nio.file.Path;
import java.util.List;

/// A text-to-speech program. Safe for use by several threads.
interface SpeechProgram {
  /// Returns its name and version, as it tells them.
  String version();

  /// Refuses a voice that the program does not have.
  ///
  /// @throws org.duovox.DuovoxException (UNAVAILABLE) that lists those it has
  void require(Voice voice);

  /// Speaks a text.
  ///
  /// @param tokens of the text, with their punctuation
  /// @param rate how much faster than usual
  /// @param file a WAV file to write, which does not exist
  Spoken speak(Voice voice, List<String> tokens, double rate, Path file);
}
