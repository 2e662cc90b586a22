package org.duovox.exchange;

import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import org.duovox.io.TextLines;
import org.duovox.units.UtteranceInfo;

/// Units as GSLM and textless write them: `name|u u u` per line.
public final class GslmUnits implements UnitReader {
  private final NamedLines lines;

  /// @param tsv a fairseq manifest that knows the lengths, or null
  public GslmUnits(Path file, FairseqTsv tsv, TextLines.End end) {
    this.lines = new NamedLines(file, '|', end, tsv == null ? Map.of() : tsv.lengths());
  }

  @Override
  public void read(Sink sink) {
    lines.read((id, samples, text, where) -> {
      int[] units = UnitText.parse(text, ' ', where);
      sink.accept(new UtteranceInfo(id, units.length, samples, Map.of()), units, where);
    });
  }

  @Override
  public OptionalInt vocabulary() {
    return OptionalInt.empty();
  }

  @Override
  public Map<String, String> source() {
    return Map.of("format", "gslm");
  }
}
