package org.duovox.units.sets;

import com.fasterxml.jackson.annotation.JsonProperty;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.duovox.DuovoxException;
import org.duovox.units.StreamInfo;

/// `manifest.json` of a unit set: where its units come from and how many there are.
///
/// @param format "duovox-units"
/// @param version 1
/// @param duovox version of the program that wrote it
/// @param batchSeconds audio whose frames were encoded together at most; 0: every utterance by
///   itself
/// @param vocabulary number of codes
/// @param codebookSha256 identity of the codebook, whose copy lies beside; "" for units without
///   one, which were imported
/// @param unitsSha256 sum over all utterances in order: id in UTF-8, a byte 0, the number of frames
///   and the units as little-endian 32-bit numbers; "" in sets of an earlier version
/// @param utterances number of utterances
/// @param frames units of all utterances
/// @param seconds audio of all utterances
/// @param shards number of safetensors files
/// @param source where imported units come from: `format` and what else the format knows, such as
///   the `root` of a fairseq manifest; empty for units of our own
public record UnitManifest(
    String format,
    int version,
    String duovox,
    String encoder,
    String layer,
    String weightsSha256,
    @JsonProperty("normalisation") String normalization,
    String chunking,
    double intervalMs,
    double offsetMs,
    Double batchSeconds,
    int vocabulary,
    String codebookSha256,
    int utterances,
    long frames,
    double seconds,
    int shards,
    String unitsSha256,
    Map<String, String> source) {
  /// Most codes of a vocabulary; one beyond is a mistake: models embed every code.
  public static final int MOST_CODES = 1 << 24;

  static final String FORMAT = "duovox-units";

  public UnitManifest {
    batchSeconds = batchSeconds == null ? 0 : batchSeconds;
    codebookSha256 = codebookSha256 == null ? "" : codebookSha256;
    unitsSha256 = unitsSha256 == null ? "" : unitsSha256;
    requireCodes(vocabulary);
    source = source == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(source));
  }

  /// Refuses a vocabulary that cannot be.
  public static void requireCodes(int vocabulary) {
    if (vocabulary < 1 || vocabulary > MOST_CODES) {
      throw DuovoxException.badData(
          "vocabulary must be 1 to %d codes, but is %d".formatted(MOST_CODES, vocabulary));
    }
  }

  /// The origin and frame times of the units.
  public StreamInfo stream() {
    return new StreamInfo(
        encoder, layer, weightsSha256, normalization, chunking, intervalMs, offsetMs);
  }
}
