package org.duovox.units;

/// How often each code occurs, and what that says about a codebook.
public final class Usage {
  private final long[] counts;

  /// Counts for codes 0 to `codes - 1`.
  public Usage(int codes) {
    this.counts = new long[codes];
  }

  /// Counts every code of the array.
  public void add(int[] codes) {
    for (int code : codes) {
      counts[code]++;
    }
  }

  /// Occurrences by code.
  public long[] counts() {
    return counts.clone();
  }

  /// All occurrences.
  public long total() {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    return total;
  }

  /// Two to the power of the entropy in bits: the number of codes that are in even use; 0 when
  /// nothing was counted.
  public double perplexity() {
    double total = total();
    double entropy = 0;
    for (long count : counts) {
      if (count > 0) {
        entropy -= count / total * Math.log(count / total);
      }
    }
    return total == 0 ? 0 : Math.exp(entropy);
  }

  /// Share of the commonest code; 0 when nothing was counted.
  public double commonestShare() {
    long most = 0;
    for (long count : counts) {
      most = Math.max(most, count);
    }
    return most == 0 ? 0 : (double) most / total();
  }

  /// Codes that occur at all.
  public int used() {
    int used = 0;
    for (long count : counts) {
      used += count > 0 ? 1 : 0;
    }
    return used;
  }
}
