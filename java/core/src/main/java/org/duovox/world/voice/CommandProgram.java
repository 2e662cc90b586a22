package org.duovox.world.voice;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.duovox.DuovoxException;
import org.duovox.world.voice.ChildPrograms.Outcome;

/// A text-to-speech program of the user's: a command with `{text}` and `{out}` in it, and if wanted
/// `{voice}` and `{rate}`.
final class CommandProgram implements SpeechProgram {
  private static final String INSTALL = "Correct the command (speech.command, --tts)";
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|([^\\s\"']+)|(\\S)");
  private static final Pattern PLACE = Pattern.compile("\\{(text|out|voice|rate)\\}");

  private final ChildPrograms programs;
  private final List<String> words;

  CommandProgram(ChildPrograms programs, String command) {
    this.programs = programs;
    words = split(command);
    for (String place : List.of("{text}", "{out}")) {
      if (words.stream().noneMatch(word -> word.contains(place))) {
        throw DuovoxException.config(
            "the speech command needs %s: write {text} and {out} where the text and the WAV file belong; it is '%s'"
                .formatted(place, command));
      }
    }
  }

  /// Splits at blanks outside of quotes. No shell sees the words, so nothing else has a meaning.
  static List<String> split(String command) {
    List<String> words = new ArrayList<>();
    for (Matcher m = WORD.matcher(command); m.find(); ) {
      if (m.group(4) != null) {
        throw DuovoxException.config("the speech command has a quote without an end: " + command);
      }
      words.add(m.group(1) != null ? m.group(1) : m.group(2) != null ? m.group(2) : m.group(3));
    }
    return words;
  }

  @Override
  public String version() {
    return String.join(" ", words);
  }

  // Only speaking shows what the program has.
  @Override
  public void require(Voice voice) {}

  @Override
  public Spoken speak(Voice voice, List<String> tokens, double rate, Path file) {
    Map<String, String> values =
        Map.of(
            "text", String.join(" ", tokens),
            "out", file.toString(),
            "voice", voice.name(),
            "rate", String.format(Locale.ROOT, "%.4f", rate));
    List<String> command =
        words.stream()
            .map(word ->
                PLACE
                    .matcher(word)
                    .replaceAll(m -> Matcher.quoteReplacement(values.get(m.group(1)))))
            .toList();
    Outcome outcome = programs.run(command, INSTALL);
    return Clauses.timed(SpeechFile.read(command, outcome, file), tokens);
  }
}
