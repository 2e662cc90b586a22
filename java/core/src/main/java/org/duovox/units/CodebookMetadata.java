package org.duovox.units;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.duovox.DuovoxException;
import org.duovox.io.Decimals;

/// Reads and writes the string metadata of a codebook file: the origin of its features and the
/// settings of the fit.
public final class CodebookMetadata {
  private static final String FIT = "fit.";

  private CodebookMetadata() {}

  /// Returns the metadata of a codebook.
  public static Map<String, String> of(StreamInfo stream, Map<String, String> fit) {
    Map<String, String> metadata = new TreeMap<>();
    metadata.put("encoder", stream.encoder());
    metadata.put("layer", stream.layer());
    metadata.put("weights_sha256", stream.weightsSha256());
    metadata.put("normalisation", stream.normalization());
    metadata.put("chunking", stream.chunking());
    metadata.put("interval_ms", Double.toString(stream.intervalMs()));
    metadata.put("offset_ms", Double.toString(stream.offsetMs()));
    fit.forEach((key, value) -> metadata.put(FIT + key, value));
    return metadata;
  }

  /// Returns the origin; without metadata an unknown encoder, whose frame times mean nothing.
  public static StreamInfo stream(Map<String, String> metadata, Path file) {
    double interval = number(metadata, "interval_ms", 1, file);
    double offset = number(metadata, "offset_ms", 0, file);
    return DuovoxException.within(file, () -> stream(metadata, interval, offset));
  }

  private static StreamInfo stream(Map<String, String> metadata, double interval, double offset) {
    return new StreamInfo(
        metadata.getOrDefault("encoder", ""),
        metadata.getOrDefault("layer", ""),
        metadata.getOrDefault("weights_sha256", ""),
        metadata.getOrDefault("normalisation", ""),
        metadata.getOrDefault("chunking", ""),
        interval,
        offset);
  }

  /// Returns settings and outcome of the fit.
  public static Map<String, String> fit(Map<String, String> metadata) {
    Map<String, String> fit = new TreeMap<>();
    metadata.forEach((key, value) -> {
      if (key.startsWith(FIT)) {
        fit.put(key.substring(FIT.length()), value);
      }
    });
    return fit;
  }

  private static double number(Map<String, String> metadata, String key, double absent, Path file) {
    String text = metadata.get(key);
    return text == null
        ? absent
        : Decimals.parse(text)
            .orElseThrow(() ->
                DuovoxException.badData(
                    "%s: metadata %s is '%s', not a finite number".formatted(file, key, text)));
  }
}
