package org.duovox.eval.pairs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import org.duovox.DuovoxException;
import org.duovox.io.Decimals;
import org.duovox.io.TextInput;
import org.duovox.io.atomic.AtomicFiles;

/// A submission of ZeroSpeech 2021's lexical and syntactic tasks: a line `STEM SCORE` for each
/// audio file.
public final class ScoreFile {
  private static final int LISTED = 10;

  private ScoreFile() {}

  /// Writes scores, one line each, in the order of the map; numbers are the shortest that read back
  /// as the same.
  public static void write(Path file, Map<String, Double> scores) {
    StringBuilder text = new StringBuilder();
    scores.forEach((stem, score) -> text.append(stem).append(' ').append(score).append('\n'));
    AtomicFiles.write(file, text.toString());
  }

  /// Reads scores.
  ///
  /// @param stems those that must be there, and no others
  /// @param source where these come from, for messages
  /// @throws DuovoxException (BAD_DATA) that lists all that is wrong: lines, stems that are
  ///   missing, unknown or twice there
  static Map<String, Double> read(Path file, Set<String> stems, String source) {
    List<String> problems = new ArrayList<>();
    Map<String, Double> scores = new LinkedHashMap<>();
    int number = 0;
    for (String line : TextInput.read(file).lines().toList()) {
      number++;
      String[] words = line.strip().split(" ", -1);
      OptionalDouble score = words.length == 2 ? Decimals.parse(words[1]) : OptionalDouble.empty();
      String place = file + ":" + number + ": ";
      if (score.isEmpty()) {
        problems.add(
            place + "must read STEM SCORE, a name and a finite number, not '" + line + "'");
      } else if (scores.putIfAbsent(words[0], score.getAsDouble()) != null) {
        problems.add(place + words[0] + " is there twice");
      } else if (!stems.contains(words[0])) {
        problems.add(place + words[0] + " is not in " + source);
      }
    }
    Set<String> missing = new TreeSet<>(stems);
    missing.removeAll(scores.keySet());
    missing.forEach(stem -> problems.add(file + ": " + stem + " of " + source + " is missing"));
    require(problems, file);
    return scores;
  }

  private static void require(List<String> problems, Path file) {
    if (!problems.isEmpty()) {
      int more = problems.size() - LISTED;
      throw DuovoxException.badData(
          "%s: %d problem(s):\n%s%s"
              .formatted(
                  file,
                  problems.size(),
                  String.join("\n", problems.subList(0, Math.min(LISTED, problems.size()))),
                  more > 0 ? "\nand " + more + " more" : ""));
    }
  }
}
