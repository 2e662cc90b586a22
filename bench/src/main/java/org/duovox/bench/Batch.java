package org.duovox.bench;

import java.util.SplittableRandom;

/// The batch that every contender trains on: rows of CLS, random codes and SEP; every seventh token
/// is a target, hidden by MASK. The same case makes the same numbers in every process.
///
/// @param contextual (B, T)
/// @param targets (B, T), -1 without a loss
/// @param phonetic (B, P)
/// @param start first phonetic unit of a token, (B, T)
/// @param end last phonetic unit of a token, (B, T)
record Batch(int[] contextual, int[] targets, int[] phonetic, int[] start, int[] end) {
  static Batch of(Case size) {
    SplittableRandom random = new SplittableRandom(1);
    int count = size.rows() * size.tokens();
    Batch batch =
        new Batch(
            new int[count],
            new int[count],
            new int[size.rows() * size.units()],
            new int[count],
            new int[count]);
    for (int i = 0; i < batch.phonetic.length; i++) {
      int unit = i % size.units();
      boolean edge = unit == 0 || unit == size.units() - 1;
      batch.phonetic[i] = edge ? Case.PHONES : random.nextInt(Case.PHONES);
    }
    for (int i = 0; i < count; i++) {
      batch.token(i, i % size.tokens(), size, random.nextInt(Case.CODES));
    }
    return batch;
  }

  private void token(int at, int t, Case size, int code) {
    int last = size.tokens() - 1;
    boolean inside = t > 0 && t < last;
    boolean target = inside && t % 7 == 3;
    targets[at] = target ? code : -1;
    int special = t == 0 ? Case.CODES : Case.CODES + 1;
    contextual[at] = target ? Case.CODES + 2 : inside ? code : special;
    if (size.dual()) {
      start[at] = t == 0 ? 0 : (t - 1) * Case.PHONES_PER_TOKEN + 1;
      end[at] = inside ? start[at] + Case.PHONES_PER_TOKEN - 1 : start[at];
    }
  }
}
