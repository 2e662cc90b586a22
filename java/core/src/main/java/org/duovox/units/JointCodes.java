package org.duovox.units;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.duovox.DuovoxException;

/// The joint vocabulary: which combination of group codes each unit stands for.
///
/// Of the K^G combinations of G groups of K codes few occur; units are numbered in the order of `i0
/// * K^(G-1) + i1 * K^(G-2) + ...`.
public final class JointCodes {
  /// Most units of a vocabulary.
  public static final int MAX_UNITS = 1_000_000;

  private final int[] codes;
  private final int groups;
  private final Map<Long, Integer> units = new HashMap<>();
  private final int radix;

  /// @param codes (units, groups) row-major
  public JointCodes(int[] codes, int groups) {
    if (groups < 1 || codes.length == 0 || codes.length % groups != 0) {
      throw new IllegalArgumentException(codes.length + " codes of " + groups + " groups");
    }
    this.codes = codes.clone();
    this.groups = groups;
    int most = 0;
    for (int code : codes) {
      if (code < 0) {
        throw DuovoxException.badData("joint_codes: holds the code " + code);
      }
      most = Math.max(most, code);
    }
    this.radix = most + 1;
    requireRange(radix, groups);
    for (int unit = 0; unit < size(); unit++) {
      if (units.put(key(codes, unit * groups, groups, radix), unit) != null) {
        throw DuovoxException.badData(
            "joint_codes: unit %d stands for codes that another unit has".formatted(unit));
      }
    }
  }

  /// Returns the vocabulary of the combinations with these keys.
  public static JointCodes of(Collection<Long> keys, int groups, int radix) {
    long[] sorted = keys.stream().mapToLong(Long::longValue).sorted().toArray();
    int[] codes = new int[sorted.length * groups];
    for (int unit = 0; unit < sorted.length; unit++) {
      long rest = sorted[unit];
      for (int g = groups - 1; g >= 0; g--) {
        codes[unit * groups + g] = (int) (rest % radix);
        rest /= radix;
      }
    }
    return new JointCodes(codes, groups);
  }

  /// Returns the number of a combination among all combinations of `radix` codes per group.
  public static long key(int[] codes, int from, int groups, int radix) {
    long key = 0;
    for (int g = 0; g < groups; g++) {
      key = key * radix + codes[from + g];
    }
    return key;
  }

  /// Refuses groups whose combinations cannot be numbered.
  public static void requireRange(int radix, int groups) {
    if (groups * Math.log(Math.max(2, radix)) > 62 * Math.log(2)) {
      throw DuovoxException.config(
          "%d groups of %d codes have more combinations than can be numbered; use fewer"
              .formatted(groups, radix));
    }
  }

  /// Number of units.
  public int size() {
    return codes.length / groups;
  }

  /// Number of codes of a combination.
  public int groups() {
    return groups;
  }

  /// A copy of the mapping, (units, groups) row-major.
  public int[] codes() {
    return codes.clone();
  }

  /// Returns the unit of a combination, or -1 when the vocabulary lacks it.
  public int unit(int[] combination, int from) {
    for (int g = 0; g < groups; g++) {
      if (combination[from + g] >= radix) {
        return -1;
      }
    }
    return units.getOrDefault(key(combination, from, groups, radix), -1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JointCodes that
        && groups == that.groups
        && Arrays.equals(codes, that.codes);
  }

  @Override
  public int hashCode() {
    return 31 * groups + Arrays.hashCode(codes);
  }
}
