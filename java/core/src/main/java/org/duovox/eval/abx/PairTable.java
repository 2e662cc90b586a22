package org.duovox.eval.abx;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.duovox.io.atomic.AtomicFiles;

/// The errors by pair of phones as a table of CSV.
public final class PairTable {
  private final List<String> lines =
      new ArrayList<>(List.of("distance,pooling,speaker,context,phone,other,error,speakers"));

  /// Adds the errors of a score.
  ///
  /// @param name `distance/pooling/within-speaker/within-context` or the like
  public void add(String name, Abx.Score score) {
    String begin =
        name.replaceFirst("-speaker/", "/").replaceFirst("-context$", "").replace('/', ',');
    for (Abx.PairError pair : score.pairs()) {
      lines.add(
          "%s,%s,%s,%s,%d"
              .formatted(
                  begin,
                  cell(pair.phone()),
                  cell(pair.other()),
                  Double.toString(pair.error()),
                  pair.speakers()));
    }
  }

  /// Writes the table.
  public void write(Path file) {
    AtomicFiles.write(file, String.join("\n", lines) + "\n");
  }

  private static String cell(String text) {
    return text.matches("[^,\"]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
