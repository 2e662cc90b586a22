package org.duovox.world.voice;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.world.voice.ChildPrograms.Outcome;

/// eSpeak NG, which tells no times: words that stand alone are found between its silences.
final class EspeakNg implements SpeechProgram {
  private static final String PROGRAM = "espeak-ng";
  private static final String INSTALL =
      "Install it (Debian: apt install espeak-ng), or choose other voices (speech.voices)";
  private static final int WORDS_PER_MINUTE = 175;

  private final ChildPrograms programs;

  EspeakNg(ChildPrograms programs) {
    this.programs = programs;
  }

  @Override
  public String version() {
    String text = programs.run(List.of(PROGRAM, "--version"), INSTALL).output();
    return text.strip().replaceFirst("\\s+Data at:.*", "");
  }

  @Override
  public void require(Voice voice) {
    if (!knows(voice.name()) || !knowsVariant(voice.name())) {
      throw DuovoxException.unavailable(
          "espeak-ng has no voice '%s'; it has %s, each with variants such as +f3"
              .formatted(voice.name(), String.join(", ", column(List.of(PROGRAM, "--voices")))));
    }
  }

  private boolean knows(String name) {
    return programs.run(List.of(PROGRAM, "-q", "-v", name, "--", "a"), INSTALL).status() == 0;
  }

  // An unknown variant is no error to espeak-ng: it would speak without one.
  private boolean knowsVariant(String name) {
    int plus = name.indexOf('+');
    if (plus < 0) {
      return true;
    }
    String listing = programs.run(List.of(PROGRAM, "--voices=variant"), INSTALL).output();
    return listing.contains("!v/" + name.substring(plus + 1) + " ");
  }

  /// Returns the second column of a listing, without its head.
  private List<String> column(List<String> command) {
    return Arrays.stream(programs.run(command, INSTALL).output().split("\\R"))
        .skip(1)
        .map(line -> line.strip().split("\\s+"))
        .filter(cells -> cells.length > 1)
        .map(cells -> cells[1])
        .distinct()
        .toList();
  }

  @Override
  public Spoken speak(Voice voice, List<String> tokens, double rate, Path file) {
    List<String> command = new ArrayList<>(List.of(PROGRAM, "-v", voice.name()));
    if (rate != 1) {
      command.addAll(List.of("-s", Long.toString(Math.round(WORDS_PER_MINUTE * rate))));
    }
    command.addAll(List.of("-w", file.toString(), "--", text(tokens)));
    Outcome outcome = programs.run(command, INSTALL);
    return Clauses.timed(SpeechFile.read(command, outcome, file), tokens);
  }

  /// Returns the text with line ends after sentences: a period before a small letter is none to
  /// espeak-ng.
  private static String text(List<String> tokens) {
    return String.join(" ", tokens).replaceAll("(?<=[.!?]) ", "\n");
  }
}
