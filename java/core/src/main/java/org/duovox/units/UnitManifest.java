package org.duovox.units;

/// `manifest.json` of a unit set: where its units come from and how many there are.
///
/// @param format "duovox-units"
/// @param version 1
/// @param duovox version of the program that wrote it
/// @param vocabulary number of codes
/// @param codebookSha256 identity of the codebook, whose copy lies beside
/// @param utterances number of utterances
/// @param frames units of all utterances
/// @param seconds audio of all utterances
/// @param shards number of safetensors files
public record UnitManifest(
    String format,
    int version,
    String duovox,
    String encoder,
    String layer,
    String weightsSha256,
    String normalisation,
    String chunking,
    double intervalMs,
    double offsetMs,
    int vocabulary,
    String codebookSha256,
    int utterances,
    long frames,
    double seconds,
    int shards) {
  static final String FORMAT = "duovox-units";

  /// The origin and frame times of the units.
  public StreamInfo stream() {
    return new StreamInfo(
        encoder, layer, weightsSha256, normalisation, chunking, intervalMs, offsetMs);
  }
}
