package org.duovox.world;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleBiFunction;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.world.voice.Voice;

/// Writes `gold.csv` and `pairs.csv` of a test set, as ZeroSpeech 2021 has them.
final class SemanticFiles {
  private static final double SCALE = 10;

  private SemanticFiles() {}

  /// A spoken test word.
  ///
  /// @param type synthetic (spoken alone) or librispeech (cut out), the names of ZeroSpeech 2021
  /// @param stem of its file
  record TestFile(String type, String stem, Voice voice, String word) {
    /// Returns its path in the output.
    String path(String set) {
      return "semantic/%s/%s/%s.wav".formatted(set, type, stem);
    }
  }

  /// A pair with its judgment.
  ///
  /// @param isRelatedness whether it judges how related the words are, not how alike
  record Pair(
      String dataset, String first, String second, double judgment, boolean isRelatedness) {}

  /// Takes pairs one by one.
  interface PairSink {
    void add(Pair pair) throws IOException;
  }

  /// Writes pairs to a sink.
  interface Pairs {
    void writeTo(PairSink sink) throws IOException;
  }

  /// Writes which file says which word.
  static void gold(Path file, List<TestFile> tokens) {
    write(
        file,
        writer -> {
          writer.write("type,filename,voice,word\n");
          for (TestFile token : tokens) {
            List<String> cells =
                List.of(token.type(), token.stem(), token.voice().slug(), quoted(token.word()));
            writer.write(String.join(",", cells) + "\n");
          }
        });
  }

  /// Writes the judgments, for each type of file.
  static void pairs(Path file, List<String> types, Pairs pairs) {
    write(
        file,
        writer -> {
          writer.write("type,dataset,word_1,word_2,similarity,relatedness\n");
          for (String type : types) {
            pairs.writeTo(pair ->
                writer.write(
                    "%s,%s,%s,%s,%s\n"
                        .formatted(
                            type,
                            quoted(pair.dataset()),
                            quoted(pair.first()),
                            quoted(pair.second()),
                            judgment(pair))));
          }
        });
  }

  private static String judgment(Pair pair) {
    String number = String.format(Locale.ROOT, "%.6f", pair.judgment());
    return pair.isRelatedness() ? "," + number : number + ",";
  }

  /// Returns a cell of CSV.
  static String quoted(String text) {
    return text.matches("[^,\"\r\n]*") ? text : "\"" + text.replace("\"", "\"\"") + "\"";
  }

  /// Returns all pairs of words of one language: whether they are of one class (`class`), and how
  /// alike their slots are (`graded`).
  static Pairs of(World world, List<Word> words, Similarity similarity) {
    boolean several = world.grammars().size() > 1;
    ToDoubleBiFunction<Word, Word> sameClass =
        (a, b) -> a.className().equals(b.className()) ? 1 : 0;
    return sink -> {
      for (String language : world.grammars().keySet()) {
        List<Word> some = words.stream().filter(w -> w.language().equals(language)).toList();
        String ending = several ? "-" + language : "";
        add(sink, "class" + ending, some, sameClass);
        add(sink, "graded" + ending, some, similarity::cosine);
      }
    };
  }

  private static void add(
      PairSink sink, String dataset, List<Word> words, ToDoubleBiFunction<Word, Word> similarity)
      throws IOException {
    for (int i = 0; i < words.size(); i++) {
      for (int k = i + 1; k < words.size(); k++) {
        Word a = words.get(i);
        Word b = words.get(k);
        double judgment = SCALE * similarity.applyAsDouble(a, b);
        sink.add(new Pair(dataset, a.text(), b.text(), judgment, false));
      }
    }
  }

  /// What writes the text of a file.
  interface Text {
    void writeTo(Writer writer) throws IOException;
  }

  /// Writes a text file, whole or not at all.
  static void write(Path file, Text text) {
    AtomicFiles.write(
        file,
        stream -> {
          Writer writer = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
          text.writeTo(writer);
          writer.flush();
        });
  }
}
