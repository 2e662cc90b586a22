package org.duovox.exchange;

import java.nio.file.Path;
import java.util.BitSet;
import org.duovox.DuovoxException;
import org.duovox.io.TextLines;

/// A fairseq dictionary of units, `dict.km.txt`: lines `unit count`, one per code.
record FairseqDict(BitSet units, String file) {

  static FairseqDict read(Path file, TextLines.End end) {
    BitSet units = new BitSet();
    try (TextLines lines = TextLines.open(file, end)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (line.isBlank()) {
          continue;
        }
        String[] parts = line.strip().split("\\s+", -1);
        if (parts.length != 2 || !parts[0].matches("[0-9]{1,7}") || !parts[1].matches("[0-9]+")) {
          throw DuovoxException.badData(lines.where() + ": expected 'unit count', e.g. '17 1'");
        }
        int unit = Integer.parseInt(parts[0]);
        if (units.get(unit)) {
          throw DuovoxException.badData(
              lines.where() + ": the unit " + unit + " occurs twice in the dictionary");
        }
        units.set(unit);
      }
    }
    return new FairseqDict(units, file.toString());
  }

  /// Number of codes: the largest unit + 1.
  int vocabulary() {
    return units.length();
  }

  void require(int[] line, String where) {
    for (int i = 0; i < line.length; i++) {
      if (!units.get(line[i])) {
        throw DuovoxException.badData(
            "%s: unit %d at index %d is not in the dictionary %s"
                .formatted(where, line[i], i, file));
      }
    }
  }
}
