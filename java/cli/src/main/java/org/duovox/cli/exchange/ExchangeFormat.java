package org.duovox.cli.exchange;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.duovox.DuovoxException;

/// Formats of other toolkits that `duovox import` reads and `duovox export` writes.
enum ExchangeFormat {
  FAIRSEQ,
  ZEROSPEECH,
  JSONL,
  GSLM,
  NPY;

  /// Returns the format that the name of a source tells.
  ///
  /// @throws DuovoxException (USAGE) when it tells none
  static ExchangeFormat of(Path source) {
    String name = source.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".km")) {
      return FAIRSEQ;
    }
    if (name.endsWith(".jsonl")) {
      return JSONL;
    }
    if (name.startsWith("quantized_outputs")) {
      return ZEROSPEECH;
    }
    if (Files.isDirectory(source)) {
      return NPY;
    }
    throw DuovoxException.usage(
        "what is "
            + source
            + "? Name its format: --format fairseq, zerospeech, jsonl, gslm or npy");
  }
}
