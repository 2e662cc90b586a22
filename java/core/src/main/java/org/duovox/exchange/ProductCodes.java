package org.duovox.exchange;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.duovox.DuovoxException;

/// Codes of several groups, written `12-34`, re-indexed to those that occur: in the order of their
/// numbers, the first group first.
final class ProductCodes {
  private static final Comparator<int[]> ORDER = Arrays::compare;

  private final Map<String, Integer> indices = new HashMap<>();
  private final List<String> codes;

  private ProductCodes(List<String> codes) {
    this.codes = codes;
    for (int i = 0; i < codes.size(); i++) {
      indices.put(codes.get(i), i);
    }
  }

  /// Collects the codes of a file line by line.
  static final class Collector {
    private final TreeSet<int[]> found = new TreeSet<>(ORDER);
    private int groups;

    void add(String text, String where) {
      String[] tokens = text.split(",", -1);
      for (int i = 0; i < tokens.length; i++) {
        int[] code = code(tokens[i], i, where);
        if (groups == 0) {
          groups = code.length;
        }
        if (code.length != groups) {
          throw DuovoxException.badData(
              "%s: unit %d is '%s' with %d groups, those before have %d"
                  .formatted(where, i, tokens[i], code.length, groups));
        }
        found.add(code);
      }
    }

    ProductCodes finish() {
      return new ProductCodes(found.stream().map(code -> UnitText.join(code, '-')).toList());
    }
  }

  private static int[] code(String token, int index, String where) {
    String[] parts = token.split("-", -1);
    int[] code = new int[parts.length];
    for (int g = 0; g < parts.length; g++) {
      code[g] = UnitText.unit(parts[g], 0, parts[g].length(), ',', index, where);
    }
    return code;
  }

  /// The codes as a manifest keeps them, and back.
  String text() {
    return String.join(" ", codes);
  }

  static List<String> parse(String text) {
    return List.of(text.split(" ", -1));
  }

  int size() {
    return codes.size();
  }

  int[] units(String text, String where) {
    String[] tokens = text.split(",", -1);
    int[] units = new int[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      units[i] = indices.get(UnitText.join(code(tokens[i], i, where), '-'));
    }
    return units;
  }
}
