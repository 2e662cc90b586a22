package org.duovox.eval;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.duovox.DuovoxException;

/// The two tables of the ZeroSpeech 2021 semantic task: which file says which word, and how alike
/// people find two words.
///
/// @param tokens the rows of gold.csv
/// @param pairs the rows of pairs.csv, in order
public record SsimiData(List<Token> tokens, List<Pair> pairs) {
  /// One spoken word.
  ///
  /// @param type `synthetic` or `librispeech`
  /// @param filename stem of its file, unique within the type
  /// @param voice who says it; may be empty for librispeech
  /// @param word what is said
  public record Token(String type, String filename, String voice, String word) {
    /// Returns the file, for messages: `type/filename`.
    public String label() {
      return type + "/" + filename;
    }
  }

  /// Two words and the judgment of people, higher for more alike.
  ///
  /// @param human relatedness where the dataset has it for all its pairs, else similarity
  public record Pair(String type, String dataset, String word1, String word2, double human) {
    /// Returns the name of the group that is correlated together: `type/dataset`.
    public String group() {
      return type + "/" + dataset;
    }
  }

  public SsimiData {
    tokens = List.copyOf(tokens);
    pairs = List.copyOf(pairs);
  }

  /// Reads both tables; columns are found by name: type, filename, voice, word; type, dataset,
  /// word_1, word_2, similarity, relatedness.
  ///
  /// @throws DuovoxException of kind MISSING_INPUT or BAD_DATA, with file and line
  public static SsimiData read(Path gold, Path pairs) {
    return new SsimiTables(gold, pairs, Problem::refuse).read();
  }

  /// Reads both tables, checks the pairs against the gold list and tells all that is wrong, where
  /// [#read] throws at the first fault.
  ///
  /// @return what could be read; perhaps nothing
  public static SsimiData check(Path gold, Path pairs, Consumer<Problem> faults) {
    return new SsimiTables(gold, pairs, faults).check();
  }
}
