package org.duovox.eval.pairs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.duovox.eval.Estimate;
import org.duovox.eval.pairs.PairScores.Said;
import org.duovox.io.Csv;

/// sBLIMP, the syntactic task of ZeroSpeech 2021: how often a model finds a grammatical sentence
/// likelier than an ungrammatical one.
///
/// @param all mean over all pairs, with its interval over pairs
/// @param byType by the kind of fault
/// @param pairs in the order of type, subtype and id
public record Sblimp(Estimate all, Map<String, GroupScore> byType, List<Pair> pairs) {
  /// One pair.
  ///
  /// @param voices how many say it
  /// @param score mean over the voices
  public record Pair(
      String type,
      String subtype,
      String id,
      String sentence,
      String nonSentence,
      int voices,
      double score) {}

  /// Scores a submission.
  ///
  /// @param gold `syntactic/{dev,test}/gold.csv` with the columns filename, voice, type, subtype,
  ///   transcription, correct, id
  /// @param scores `syntactic/{dev,test}.txt`
  /// @param seed of the interval
  /// @throws org.duovox.DuovoxException (MISSING_INPUT, BAD_DATA) with file and line
  public static Sblimp of(Path gold, Path scores, long seed) {
    Csv csv = Csv.read(gold);
    int text = csv.column("transcription");
    List<String> keys = List.of("type", "subtype", "id");
    keys.forEach(csv::column);
    List<Said> said =
        PairScores.match(
            csv,
            ScoreFile.read(scores, Swuggy.stems(csv), gold.toString()),
            List.of("voice", "type", "subtype", "id"));
    List<Pair> pairs = new ArrayList<>();
    PairScores.byPair(csv, said, keys)
        .forEach((key, voices) ->
            pairs.add(
                new Pair(
                    key.get(0),
                    key.get(1),
                    key.get(2),
                    voices.getFirst().good().cells().get(text),
                    voices.getFirst().bad().cells().get(text),
                    voices.size(),
                    PairScores.mean(voices))));
    List<Double> values = pairs.stream().map(Pair::score).toList();
    List<String> types = pairs.stream().map(Pair::type).toList();
    return new Sblimp(
        PairScores.estimate(values, seed),
        PairScores.groups(types.stream().distinct().sorted().toList(), types, values),
        pairs);
  }

  /// Returns the official tables by the name of their file.
  ///
  /// @param set dev or test
  public Map<String, String> tables(String set) {
    StringBuilder byPair = new StringBuilder("sentence,non sentence,score\n");
    for (Pair pair : pairs) {
      byPair.append(
          "%s,%s,%s\n"
              .formatted(
                  PairScores.cell(pair.sentence()),
                  PairScores.cell(pair.nonSentence()),
                  PairScores.decimals(pair.score())));
    }
    return Map.of(
        "score_syntactic_%s_by_pair.csv".formatted(set), byPair.toString(),
        "score_syntactic_%s_by_type.csv".formatted(set), PairScores.table("type", byType));
  }
}
