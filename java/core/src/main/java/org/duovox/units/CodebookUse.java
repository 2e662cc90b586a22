package org.duovox.units;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.Locale;

/// How the units of a vocabulary are used, and whether they still distinguish anything: the one
/// place for these figures and for the rules of collapse.
///
/// A vocabulary of at least ten codes is narrow when less than a tenth of it is in even use, or
/// when one code holds more than half of all units. Three rules build on that, because they look at
/// different material: [#isNarrow()] is what reports name, [#hasCollapsedOverFrames()] also judges
/// small vocabularies, and [#hasCollapsedOverTokens()] knows that equal neighbors were merged.
///
/// @param codes size of the vocabulary
/// @param used codes that occur
/// @param perplexity two to the power of the entropy in bits, the number of codes in even use; 0
///   without units
/// @param mostFrequent the most frequent code, the lowest of several; -1 without units
/// @param mostFrequentShare its share of all units, 0 to 1; 0 without units
public record CodebookUse(
    int codes,
    int used,
    double perplexity,
    @JsonProperty("commonest") int mostFrequent,
    @JsonProperty("commonest_share") double mostFrequentShare) {

  private static final int FEW_CODES = 10; // Below, shares say little.
  private static final double NARROW_PERPLEXITY = 0.1;
  private static final double NARROW_SHARE = 0.5;
  private static final double CONSTANT_SHARE = 0.9;

  /// The use of a vocabulary whose codes occur this often, code by code.
  public static CodebookUse of(long... counts) {
    long total = Arrays.stream(counts).sum();
    int used = 0;
    int most = 0;
    double entropy = 0;
    for (int code = 0; code < counts.length; code++) {
      if (counts[code] > 0) {
        used++;
        most = counts[code] > counts[most] ? code : most;
        double share = counts[code] / (double) total;
        entropy -= share * Math.log(share);
      }
    }
    return total == 0
        ? new CodebookUse(counts.length, 0, 0, -1, 0)
        : new CodebookUse(
            counts.length, used, Math.exp(entropy), most, counts[most] / (double) total);
  }

  /// Codes that never occur.
  public int unused() {
    return codes - used;
  }

  /// The perplexity, NaN without units: charts show a dash where others say 0.
  public double perplexityOrNaN() {
    return used == 0 ? Double.NaN : perplexity;
  }

  /// The share of the most frequent code, NaN without units.
  public double mostFrequentShareOrNaN() {
    return used == 0 ? Double.NaN : mostFrequentShare;
  }

  /// Whether a vocabulary of at least ten codes is narrow; it is without units.
  public boolean isNarrow() {
    return codes >= FEW_CODES
        && (perplexity < NARROW_PERPLEXITY * codes || mostFrequentShare > NARROW_SHARE);
  }

  /// Whether units of single frames distinguish hardly anything: a narrow vocabulary, or in a small
  /// one a code that holds more than nine tenths.
  public boolean hasCollapsedOverFrames() {
    boolean constant = codes >= 2 && codes < FEW_CODES && mostFrequentShare > CONSTANT_SHARE;
    return used > 0 && (isNarrow() || constant);
  }

  /// Whether merged tokens distinguish hardly anything: a narrow vocabulary, or a single code.
  /// Neighbors that were equal are one token, so each of two codes has half of the tokens and a
  /// share says nothing about a small vocabulary.
  public boolean hasCollapsedOverTokens() {
    return codes >= 2 && used > 0 && (isNarrow() || used == 1);
  }

  /// The figures in words.
  public String describe() {
    return String.format(
        Locale.ROOT,
        "%d of %d codes used, perplexity %.1f, the commonest holds %.1f %%",
        used,
        codes,
        perplexity,
        100 * mostFrequentShare);
  }

  /// Counts units.
  public static final class Counter {
    private final long[] counts;

    /// Counts codes 0 to `codes - 1`.
    public Counter(int codes) {
      this.counts = new long[codes];
    }

    /// Counts every unit of the array.
    public void add(int[] units) {
      for (int unit : units) {
        counts[unit]++;
      }
    }

    /// Occurrences by code.
    public long[] counts() {
      return counts.clone();
    }

    /// All occurrences.
    public long total() {
      return Arrays.stream(counts).sum();
    }

    /// The use of the vocabulary so far.
    public CodebookUse use() {
      return CodebookUse.of(counts);
    }
  }
}
