package org.duovox.cli.units;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.duovox.DuovoxException;

/// Formats of other toolkits that `duovox import` and `duovox export` know.
enum ExchangeFormat {
  FAIRSEQ,
  ZEROSPEECH,
  JSONL,
  GSLM,
  NPY;

  /// The format that a file's name tells.
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
