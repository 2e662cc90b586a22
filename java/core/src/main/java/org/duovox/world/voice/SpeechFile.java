package org.duovox.world.voice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.audio.AudioLoader;
import org.duovox.world.voice.ChildPrograms.Outcome;

/// Reads the WAV file that a program has just written, and removes it.
final class SpeechFile {
  private static final AudioLoader LOADER = AudioLoader.standard();

  private SpeechFile() {}

  /// @throws DuovoxException (UNAVAILABLE) for a program that failed, wrote nothing, or wrote what
  ///   is no audio or has no sound
  static float[] read(List<String> command, Outcome outcome, Path file) {
    try {
      if (outcome.status() != 0) {
        throw failed(command, "ended with status " + outcome.status(), outcome);
      }
      if (!Files.exists(file) || Files.size(file) == 0) {
        throw failed(command, "wrote no audio", outcome);
      }
      float[] samples = load(command, outcome, file);
      for (float sample : samples) {
        if (sample != 0) {
          return samples;
        }
      }
      throw failed(command, "wrote silence", outcome);
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    } finally {
      delete(file);
    }
  }

  private static float[] load(List<String> command, Outcome outcome, Path file) {
    try {
      return LOADER.load(file).samples();
    } catch (DuovoxException e) {
      throw failed(command, "wrote what is no audio (" + e.getMessage() + ")", outcome);
    }
  }

  private static DuovoxException failed(List<String> command, String what, Outcome outcome) {
    return DuovoxException.unavailable(
        "%s %s; %s. The command was: %s"
            .formatted(command.getFirst(), what, outcome.told(), ChildPrograms.shown(command)));
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw DuovoxException.io("cannot remove " + file, e);
    }
  }
}
