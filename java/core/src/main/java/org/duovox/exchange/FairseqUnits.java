package org.duovox.exchange;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.duovox.DuovoxException;
import org.duovox.io.TextLines;
import org.duovox.units.UtteranceInfo;

/// fairseq labels: a `.tsv` that names the utterances, and a `.km` (or several, in order) with a
/// line of units per utterance, separated by spaces; a `dict.km.txt` if there is one.
public final class FairseqUnits implements UnitReader {
  /// The field that keeps the path of the `.tsv`, so that it can be written again.
  public static final String PATH = "path";

  private final FairseqTsv tsv;
  private final List<Path> labels;
  private final Optional<FairseqDict> dict;
  private final TextLines.End end;

  /// @param dict the dictionary, or null
  public FairseqUnits(FairseqTsv tsv, List<Path> labels, Path dict, TextLines.End end) {
    this.tsv = tsv;
    this.labels = List.copyOf(labels);
    this.dict = Optional.ofNullable(dict).map(file -> FairseqDict.read(file, end));
    this.end = end;
  }

  @Override
  public void read(Sink sink) {
    int next = 0;
    for (Path file : labels) {
      try (TextLines lines = TextLines.open(file, end)) {
        for (String line = lines.next(); line != null; line = lines.next()) {
          if (next == tsv.rows().size()) {
            if (line.isBlank()) {
              continue; // Behind the last utterance a blank line means nothing.
            }
            throw DuovoxException.badData(
                "%s: one line more than the %d utterances of %s"
                    .formatted(lines.where(), next, tsv.file()));
          }
          accept(tsv.rows().get(next), line, lines.where(), sink);
          next++;
        }
      }
    }
    if (next < tsv.rows().size()) {
      throw tooFew(next);
    }
  }

  private DuovoxException tooFew(int lines) {
    return DuovoxException.badData(
        "%s: ends after %d lines, but %s names %d utterances; the first without units is '%s'"
            .formatted(
                labels.getLast(),
                lines,
                tsv.file(),
                tsv.rows().size(),
                tsv.rows().get(lines).id()));
  }

  private void accept(FairseqTsv.Row row, String line, String where, Sink sink) {
    int[] units = UnitText.parse(line, ' ', where);
    dict.ifPresent(codes -> codes.require(units, where));
    Map<String, String> fields = Map.of(PATH, row.path());
    sink.accept(new UtteranceInfo(row.id(), units.length, row.samples(), fields), units, where);
  }

  @Override
  public OptionalInt vocabulary() {
    return dict.isPresent() ? OptionalInt.of(dict.get().vocabulary()) : OptionalInt.empty();
  }

  @Override
  public Map<String, String> source() {
    return new TreeMap<>(Map.of("format", "fairseq", "root", tsv.root()));
  }
}
