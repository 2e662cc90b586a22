package org.duovox.world.voice;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.duovox.DuovoxException;
import org.duovox.world.voice.ChildPrograms.Outcome;
import org.duovox.world.voice.PhoneAlignment.Phone;
import org.duovox.world.voice.Spoken.Span;

/// Flite (Carnegie Mellon University), which tells when each phone ends (`-psdur`).
final class Flite implements SpeechProgram {
  private static final String PROGRAM = "flite";
  private static final String INSTALL =
      "Install it (Debian: apt install flite), or choose other voices (speech.voices)";
  private static final Pattern PHONE = Pattern.compile("(\\S+):(\\d+(?:\\.\\d+)?)");
  private static final String FILE_VOICE = "/";

  private final ChildPrograms programs;
  private final ConcurrentMap<String, List<String>> pronunciations = new ConcurrentHashMap<>();

  Flite(ChildPrograms programs) {
    this.programs = programs;
  }

  @Override
  public String version() {
    Outcome outcome = programs.run(List.of(PROGRAM, "--version"), INSTALL);
    return Arrays.stream(outcome.output().split("\\R"))
        .filter(line -> line.contains("version:"))
        .map(line -> PROGRAM + " " + line.replaceFirst(".*version:\\s*", "").strip())
        .findFirst()
        .orElseGet(() -> PROGRAM + ", " + outcome.told());
  }

  // An unknown voice is no error to flite: it would speak with its first one.
  @Override
  public void require(Voice voice) {
    if (voice.name().contains(FILE_VOICE)) {
      if (!Files.isRegularFile(Path.of(voice.name()))) {
        throw DuovoxException.unavailable("no such file of a voice of flite: " + voice.name());
      }
      return;
    }
    String listing = programs.run(List.of(PROGRAM, "-lv"), INSTALL).output();
    List<String> voices = List.of(listing.replaceFirst("(?s).*:", "").strip().split("\\s+"));
    if (!voices.contains(voice.name())) {
      throw DuovoxException.unavailable(
          "flite has no voice '%s'; it has %s".formatted(voice.name(), String.join(", ", voices)));
    }
  }

  @Override
  public Spoken speak(Voice voice, List<String> tokens, double rate, Path file) {
    List<String> command = new ArrayList<>(List.of(PROGRAM, "-voice", voice.name(), "-psdur"));
    if (rate != 1) {
      command.addAll(
          List.of("--setf", String.format(Locale.ROOT, "duration_stretch=%.4f", 1 / rate)));
    }
    command.addAll(List.of("-t", String.join(" ", tokens), "-o", file.toString()));
    Outcome outcome = programs.run(command, INSTALL);
    float[] samples = SpeechFile.read(command, outcome, file);
    List<Phone> phones = phones(outcome.output());
    List<List<String>> words = tokens.stream().map(token -> pronunciation(voice, token)).toList();
    return new Spoken(samples, PhoneAlignment.align(phones, words), pauses(phones));
  }

  /// Parses what `-psdur` prints: each phone with the time at which it ends.
  static List<Phone> phones(String output) {
    List<Phone> phones = new ArrayList<>();
    double start = 0;
    for (Matcher m = PHONE.matcher(output); m.find(); ) {
      double end = Double.parseDouble(m.group(2));
      phones.add(new Phone(m.group(1), new Span(start, end)));
      start = end;
    }
    return phones;
  }

  private static List<Span> pauses(List<Phone> phones) {
    List<Span> pauses = new ArrayList<>();
    for (int i = 1; i < phones.size() - 1; i++) {
      if (phones.get(i).name().equals(PhoneAlignment.PAUSE)) {
        pauses.add(phones.get(i).time());
      }
    }
    return pauses;
  }

  private List<String> pronunciation(Voice voice, String token) {
    String bare = token.replaceAll("[.,;:!?]+$", "");
    return pronunciations.computeIfAbsent(bare, word -> pronounce(voice, word));
  }

  private List<String> pronounce(Voice voice, String word) {
    List<String> command =
        List.of(PROGRAM, "-voice", voice.name(), "-ps", "-t", word, "-o", "none");
    Outcome outcome = programs.run(command, INSTALL);
    return Arrays.stream(outcome.output().strip().split("\\s+"))
        .filter(phone -> !phone.equals(PhoneAlignment.PAUSE) && !phone.isEmpty())
        .toList();
  }
}
