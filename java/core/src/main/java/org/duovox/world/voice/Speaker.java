package org.duovox.world.voice;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.duovox.DuovoxException;
import org.duovox.world.voice.Voice.Program;

/// Speaks texts with the voices of several programs, at any rate and pitch. Safe for use by several
/// threads.
public final class Speaker implements AutoCloseable {
  // Few different pitches, so that the kernels of the resampler are kept.
  private static final double PITCH_STEP = 50;

  private final ChildPrograms children;
  private final Map<Program, SpeechProgram> programs = new EnumMap<>(Program.class);

  /// @param voices that will be asked for
  /// @param command of the user's, for voices of the program [Program#COMMAND]; "" for none
  /// @param limit after which a program is given up
  /// @throws DuovoxException (BAD_CONFIG) for a voice that needs a command when there is none
  public Speaker(Collection<Voice> voices, String command, Duration limit) {
    children = new ChildPrograms(limit);
    for (Program program : new TreeSet<>(voices.stream().map(Voice::program).toList())) {
      programs.put(program, program(program, command));
    }
    if (!command.isEmpty() && !programs.containsKey(Program.COMMAND)) {
      throw DuovoxException.config(
          "'command' is given, but no voice is one of it; name one such as command:anna@en");
    }
  }

  private SpeechProgram program(Program program, String command) {
    if (program == Program.COMMAND && command.isEmpty()) {
      throw DuovoxException.config(
          "a voice command:NAME needs the command: speech.command=\"program {text} {out}\"");
    }
    return switch (program) {
      case FLITE -> new Flite(children);
      case ESPEAK_NG -> new EspeakNg(children);
      case COMMAND -> new CommandProgram(children, command);
    };
  }

  /// Returns name and version of each program.
  ///
  /// @throws DuovoxException (UNAVAILABLE) for one that is not installed
  public TreeMap<String, String> versions() {
    TreeMap<String, String> versions = new TreeMap<>();
    programs.forEach((program, each) -> versions.put(program.label(), each.version()));
    return versions;
  }

  /// Refuses voices that are not there.
  ///
  /// @throws DuovoxException (UNAVAILABLE) that lists those that are
  public void require(Collection<Voice> voices) {
    voices.forEach(voice -> programs.get(voice.program()).require(voice));
  }

  /// Speaks a text.
  ///
  /// @param tokens of the text, with their punctuation
  /// @param rate how much faster than usual
  /// @param pitch how much higher than usual, to steps of 0.02; the whole voice is, as that of a
  ///   smaller speaker
  /// @param file a name for a temporary file
  public Spoken speak(Voice voice, List<String> tokens, double rate, double pitch, Path file) {
    double factor = Math.round(pitch * PITCH_STEP) / PITCH_STEP;
    return programs.get(voice.program()).speak(voice, tokens, rate / factor, file).faster(factor);
  }

  /// Ends the programs that still run.
  @Override
  public void close() {
    children.close();
  }
}
