package org.duovox.exchange;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.duovox.io.TextLines;
import org.duovox.units.UtteranceInfo;

/// `quantized_outputs.txt` of the ZeroSpeech baselines: `name<TAB>u,u,u` per line.
///
/// Codes of several groups (`12-34`) are re-indexed to those that occur; `codes` of the source
/// keeps them, by their new index, separated by spaces.
public final class ZeroSpeechUnits implements UnitReader {
  /// Key of the original codes in the source of a unit set.
  public static final String CODES = "codes";

  private final NamedLines lines;
  private final Optional<ProductCodes> codes;

  /// @param tsv a fairseq manifest that knows the lengths, or null
  public ZeroSpeechUnits(Path file, FairseqTsv tsv, TextLines.End end) {
    this.lines = new NamedLines(file, '\t', end, tsv == null ? Map.of() : tsv.lengths());
    this.codes = codes();
  }

  /// Codes of several groups; empty for plain units.
  private Optional<ProductCodes> codes() {
    ProductCodes.Collector collector = new ProductCodes.Collector();
    boolean[] product = {false};
    boolean[] first = {true};
    lines.read((id, samples, text, where) -> {
      product[0] |= first[0] && text.indexOf('-') > 0;
      first[0] = false;
      if (product[0]) {
        collector.add(text, where);
      }
    });
    return product[0] ? Optional.of(collector.finish()) : Optional.empty();
  }

  @Override
  public void read(Sink sink) {
    lines.read((id, samples, text, where) -> {
      int[] units =
          codes.isPresent() && !text.isBlank()
              ? codes.get().units(text, where)
              : UnitText.parse(text, ',', where);
      sink.accept(new UtteranceInfo(id, units.length, samples, Map.of()), units, where);
    });
  }

  @Override
  public OptionalInt vocabulary() {
    return codes.isPresent() ? OptionalInt.of(codes.get().size()) : OptionalInt.empty();
  }

  @Override
  public Map<String, String> source() {
    Map<String, String> source = new TreeMap<>(Map.of("format", "zerospeech"));
    codes.ifPresent(c -> source.put(CODES, c.text()));
    return source;
  }
}
