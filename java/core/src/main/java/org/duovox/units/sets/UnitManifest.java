package org.duovox.units.sets;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.duovox.DuovoxException;
import org.duovox.Versions;
import org.duovox.speech.ReceptiveField;
import org.duovox.units.StreamInfo;

/// `manifest.json` of a unit set: the origin and number of its units.
///
/// @param format "duovox-units"
/// @param version 1
/// @param duovox version of the program that wrote it
/// @param receptiveField what a frame sees; null when unknown
/// @param batchSeconds most audio that was encoded together; 0 when every utterance was encoded by
///   itself
/// @param vocabulary number of codes
/// @param codebookSha256 identity of the codebook, whose copy lies beside the manifest; "" for
///   units without one, which were imported
/// @param unitsSha256 sum over all utterances in order: id in UTF-8, a byte 0, the number of frames
///   and the units as little-endian 32-bit numbers; "" in sets of an earlier version
/// @param utterances number of utterances
/// @param frames units of all utterances
/// @param seconds audio of all utterances
/// @param shards number of safetensors files
/// @param source origin of imported units: `format` and further facts, such as the `root` of a
///   fairseq manifest; empty for units that Duovox made
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
    @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty("receptive_field_ms")
        ReceptiveField receptiveField,
    Double batchSeconds,
    int vocabulary,
    String codebookSha256,
    int utterances,
    long frames,
    double seconds,
    int shards,
    String unitsSha256,
    Map<String, String> source) {
  /// Most codes of a vocabulary. More must be a mistake, because models embed every code.
  public static final int MOST_CODES = 1 << 24;

  static final String FORMAT = "duovox-units";

  /// The manifest of a set that this program writes.
  UnitManifest(
      StreamInfo stream,
      double batchSeconds,
      int vocabulary,
      String codebookSha256,
      int utterances,
      long frames,
      double seconds,
      int shards,
      String unitsSha256,
      Map<String, String> source) {
    this(
        FORMAT,
        1,
        Versions.DUOVOX,
        stream.encoder(),
        stream.layer(),
        stream.weightsSha256(),
        stream.normalization(),
        stream.chunking(),
        stream.intervalMs(),
        stream.offsetMs(),
        stream.receptiveField(),
        batchSeconds,
        vocabulary,
        codebookSha256,
        utterances,
        frames,
        seconds,
        shards,
        unitsSha256,
        source);
  }

  public UnitManifest {
    batchSeconds = batchSeconds == null ? 0 : batchSeconds;
    codebookSha256 = codebookSha256 == null ? "" : codebookSha256;
    unitsSha256 = unitsSha256 == null ? "" : unitsSha256;
    requireCodes(vocabulary);
    source = source == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(source));
  }

  /// Refuses an impossible size of a vocabulary.
  public static void requireCodes(int vocabulary) {
    if (vocabulary < 1 || vocabulary > MOST_CODES) {
      throw DuovoxException.badData(
          "vocabulary must be 1 to %d codes, but is %d".formatted(MOST_CODES, vocabulary));
    }
  }

  /// The origin and frame times of the units.
  public StreamInfo stream() {
    return new StreamInfo(
        encoder,
        layer,
        weightsSha256,
        normalization,
        chunking,
        intervalMs,
        offsetMs,
        receptiveField);
  }
}
