package org.duovox.eval.pairs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.duovox.DuovoxException;
import org.duovox.eval.Estimate;
import org.duovox.eval.pairs.PairScores.Said;
import org.duovox.io.Csv;
import org.duovox.io.Decimals;

/// sWUGGY, the lexical task of ZeroSpeech 2021: how often a model finds a word likelier than a
/// non-word that sounds much like one.
///
/// @param all mean over all pairs, with its interval over pairs
/// @param inVocabulary mean over the pairs whose word occurs in LibriSpeech
/// @param byFrequency by how often it occurs there
/// @param byLength by its length in phones
/// @param pairs in the order of their ids
public record Swuggy(
    Estimate all,
    Estimate inVocabulary,
    Map<String, GroupScore> byFrequency,
    Map<String, GroupScore> byLength,
    List<Pair> pairs) {
  // Bands begin at these frequencies; the names are the official ones, off by one.
  private static final List<String> BANDS = List.of("oov", "1-5", "6-20", "21-100", ">100");
  private static final double[] STARTS = {0, 1, 5, 20, 100};

  /// One pair.
  ///
  /// @param frequency of the word in LibriSpeech; NaN when it is not told
  /// @param voices how many say it
  /// @param score mean over the voices
  public record Pair(
      String id,
      String word,
      String nonWord,
      double frequency,
      String length,
      int voices,
      double score) {}

  /// Scores a submission.
  ///
  /// @param gold `lexical/{dev,test}/gold.csv` with the columns filename, voice, frequency, word,
  ///   phones, length, correct, id
  /// @param scores `lexical/{dev,test}.txt`
  /// @param seed of the intervals
  /// @throws DuovoxException (MISSING_INPUT, BAD_DATA) with file and line
  public static Swuggy of(Path gold, Path scores, long seed) {
    Csv csv = Csv.read(gold);
    List.of("voice", "frequency", "word", "phones", "length", "id").forEach(csv::column);
    List<Said> said =
        PairScores.match(
            csv, ScoreFile.read(scores, stems(csv), gold.toString()), List.of("voice", "id"));
    List<Pair> pairs = new ArrayList<>();
    PairScores.byPair(csv, said, List.of("id"))
        .forEach((key, voices) -> pairs.add(pair(csv, key.getFirst(), voices)));
    List<Double> values = pairs.stream().map(Pair::score).toList();
    List<Double> known = pairs.stream().filter(p -> p.frequency() >= 1).map(Pair::score).toList();
    List<String> bands = pairs.stream().map(p -> band(p.frequency())).toList();
    List<String> lengths = pairs.stream().map(Pair::length).toList();
    List<String> order =
        lengths.stream().distinct().sorted(Comparator.comparingDouble(Swuggy::number)).toList();
    return new Swuggy(
        PairScores.estimate(values, seed),
        PairScores.estimate(known, seed),
        PairScores.groups(BANDS, bands, values),
        PairScores.groups(order, lengths, values),
        pairs);
  }

  /// Returns the names of the audio files of a gold file.
  static Set<String> stems(Csv gold) {
    int column = gold.column("filename");
    Set<String> stems = new HashSet<>();
    for (Csv.Row row : gold.rows()) {
      String stem = row.cells().get(column);
      if (stem.isBlank() || !stems.add(stem)) {
        throw DuovoxException.badData(
            "%s: filename '%s' is %s"
                .formatted(gold.at(row), stem, stem.isBlank() ? "empty" : "listed twice"));
      }
    }
    return stems;
  }

  private static Pair pair(Csv csv, String id, List<Said> voices) {
    Csv.Row good = voices.getFirst().good();
    Csv.Row bad = voices.getFirst().bad();
    String nonWord = bad.cells().get(csv.column("word"));
    String phones = bad.cells().get(csv.column("phones"));
    String frequency = good.cells().get(csv.column("frequency")).strip();
    if (!frequency.isEmpty() && !frequency.equalsIgnoreCase("nan") && !(number(frequency) >= 0)) {
      throw DuovoxException.badData(
          "%s: the frequency '%s' is no number from 0 on".formatted(csv.at(good), frequency));
    }
    return new Pair(
        id,
        good.cells().get(csv.column("word")),
        nonWord.isBlank() || nonWord.equals("nan") ? phones : nonWord,
        number(frequency),
        good.cells().get(csv.column("length")).strip(),
        voices.size(),
        PairScores.mean(voices));
  }

  private static double number(String text) {
    OptionalDouble number = Decimals.parse(text);
    return number.orElse(Double.NaN);
  }

  private static String band(double frequency) {
    String band = "";
    for (int b = 0; b < STARTS.length; b++) {
      band = frequency >= STARTS[b] ? BANDS.get(b) : band;
    }
    return band;
  }

  /// Returns the official tables by the name of their file.
  ///
  /// @param set dev or test
  public Map<String, String> tables(String set) {
    StringBuilder byPair = new StringBuilder("word,non word,score\n");
    for (Pair pair : pairs) {
      byPair.append(
          "%s,%s,%s\n"
              .formatted(
                  PairScores.cell(pair.word()),
                  PairScores.cell(pair.nonWord()),
                  PairScores.decimals(pair.score())));
    }
    return Map.of(
        "score_lexical_%s_by_pair.csv".formatted(set), byPair.toString(),
        "score_lexical_%s_by_frequency.csv".formatted(set),
            PairScores.table("frequency", byFrequency),
        "score_lexical_%s_by_length.csv".formatted(set), PairScores.table("length", byLength));
  }
}
