package org.duovox.eval.abx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.duovox.eval.abx.Triplets.Row;

/// ABX phone discrimination: how often is a stretch of speech nearer to one of another phone than
/// to one of its own?
///
/// The rules are those of the ZeroSpeech tool (`zerospeech-libriabx2` 0.9.8). Errors of triplets of
/// groups are averaged over contexts and over the speakers of X, then over the speakers of A, then
/// over the ordered pairs of phones. Chance is 0.5.
public final class Abx {
  private static final int AT_ONCE = 1024;

  private Abx() {}

  /// The errors under one condition.
  ///
  /// @param error the mean over pairs of phones; NaN when there is no triplet
  /// @param pairs by pair of phones, in the order in which phones occur first
  /// @param triplets of groups that were compared
  public record Score(double error, List<PairError> pairs, long triplets) {}

  /// The error of telling a phone (that of A and X) from another.
  ///
  /// @param speakers that have said both
  public record PairError(String phone, String other, double error, int speakers) {}

  /// Returns the number of pairs of items that [#score] compares.
  public static long comparisons(TokenSet set, AbxCondition condition, AbxConfig config) {
    return new Triplets(set.tokens(), config, condition).comparisons();
  }

  /// Returns the number of triplets of groups that [#score] reports.
  public static long triplets(TokenSet set, AbxCondition condition, AbxConfig config) {
    return new Triplets(set.tokens(), config, condition).count();
  }

  /// Scores a set of items. The work is done by all processors; the result does not depend on how
  /// many there are.
  ///
  /// @param done told now and then how many triplets are done; may throw to end the work
  public static Score score(
      TokenSet set,
      FrameDistance distance,
      AbxCondition condition,
      AbxConfig config,
      LongConsumer done) {
    Tally tally = new Tally();
    Batches batches = new Batches(set.frames(), distance, tally, done);
    new Triplets(set.tokens(), config, condition).forEach(batches::add);
    batches.flush();
    return tally.score(set.items(), batches.triplets);
  }

  /// Collects rows and compares many of them at once.
  private static final class Batches {
    private final TokenFrames frames;
    private final FrameDistance distance;
    private final Tally tally;
    private final LongConsumer done;
    private final List<Row> rows = new ArrayList<>();
    private int waiting;
    private long triplets;

    Batches(TokenFrames frames, FrameDistance distance, Tally tally, LongConsumer done) {
      this.frames = frames;
      this.distance = distance;
      this.tally = tally;
      this.done = done;
    }

    void add(Row row) {
      rows.add(row);
      waiting += row.triplets().size();
      if (waiting >= AT_ONCE) {
        flush();
      }
    }

    void flush() {
      List<double[]> errors =
          rows.parallelStream().map(row -> new TripletErrors(frames, distance).of(row)).toList();
      for (int i = 0; i < rows.size(); i++) {
        tally.add(rows.get(i), errors.get(i));
      }
      rows.clear();
      triplets += waiting;
      waiting = 0;
      done.accept(triplets);
    }
  }

  /// Means of errors, in the order that the reference takes them.
  private static final class Tally {
    private static final class Mean {
      double sum;
      long count;

      void add(double value) {
        sum += value;
        count++;
      }

      double value() {
        return sum / count;
      }
    }

    private record Pair(int phone, int other) implements Comparable<Pair> {
      @Override
      public int compareTo(Pair pair) {
        return phone != pair.phone
            ? Integer.compare(phone, pair.phone)
            : Integer.compare(other, pair.other);
      }
    }

    private final Map<Pair, Map<Integer, Mean>> bySpeaker = new TreeMap<>();

    void add(Row row, double[] errors) {
      for (int i = 0; i < errors.length; i++) {
        bySpeaker
            .computeIfAbsent(
                new Pair(row.phone(), row.triplets().get(i).otherPhone()), pair -> new HashMap<>())
            .computeIfAbsent(row.speaker(), speaker -> new Mean())
            .add(errors[i]);
      }
    }

    Score score(ItemFile items, long triplets) {
      List<PairError> pairs = new ArrayList<>();
      bySpeaker.forEach((pair, speakers) ->
          pairs.add(
              new PairError(
                  items.phones().get(pair.phone()),
                  items.phones().get(pair.other()),
                  speakers.values().stream().mapToDouble(Mean::value).average().orElseThrow(),
                  speakers.size())));
      double error = pairs.stream().mapToDouble(PairError::error).average().orElse(Double.NaN);
      return new Score(error, List.copyOf(pairs), triplets);
    }
  }
}
