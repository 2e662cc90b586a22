package org.duovox.speech.features;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.Versions;
import org.duovox.io.json.Json;
import org.duovox.speech.Encoder;
import org.duovox.speech.Layer;

/// `manifest.json` of a feature set: its origin and size, and all that tells whether two sets
/// belong together.
///
/// @param format "duovox-features"
/// @param version 1
/// @param duovox version of the program that wrote it
/// @param encoder name of the encoder
/// @param weightsSha256 sum over its weights and settings; "" for one without weights
/// @param normalization what was done to the samples
/// @param chunking how long audio was cut
/// @param batchSeconds most audio that was encoded together, which the last bits may depend on; 0
///   when every utterance was encoded by itself
/// @param sampleRate of the audio that went in, Hz
/// @param layers in the order asked for
/// @param utterances number of utterances
/// @param frames number of frames of all utterances, by layer
/// @param seconds audio of all utterances
/// @param skipped number of utterances that could not be used, listed in `errors.jsonl`
/// @param shards the tensor files, in order
public record FeatureManifest(
    String format,
    int version,
    String duovox,
    String encoder,
    String weightsSha256,
    @JsonProperty("normalisation") String normalization,
    String chunking,
    Double batchSeconds,
    int sampleRate,
    List<Layer> layers,
    int utterances,
    Map<String, Long> frames,
    double seconds,
    int skipped,
    List<Shard> shards) {
  public static final String FILE = "manifest.json";
  static final String FORMAT = "duovox-features";
  static final int VERSION = 1;

  /// The manifest of a set that this program writes.
  FeatureManifest(
      FeatureProvenance origin,
      List<Layer> layers,
      int utterances,
      Map<String, Long> frames,
      double seconds,
      int skipped,
      List<Shard> shards) {
    this(
        FORMAT,
        VERSION,
        Versions.DUOVOX,
        origin.encoder(),
        origin.weightsSha256(),
        origin.normalization(),
        origin.chunking(),
        origin.batchSeconds(),
        Encoder.SAMPLE_RATE,
        layers,
        utterances,
        frames,
        seconds,
        skipped,
        shards);
  }

  public FeatureManifest {
    batchSeconds = batchSeconds == null ? 0 : batchSeconds; // Sets of earlier builds lack it.
  }

  /// One tensor file.
  ///
  /// @param file name within the folder
  /// @param bytes its size
  /// @param sha256 sum of its bytes
  public record Shard(String file, long bytes, String sha256) {}

  /// Reads and checks the manifest of a folder.
  ///
  /// @throws DuovoxException of kind MISSING_INPUT when it is no finished feature set
  public static FeatureManifest read(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw DuovoxException.missing("no such feature folder: " + folder);
    }
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      requireMerged(folder);
      throw DuovoxException.missing(
          "%s is no finished feature set: it has no %s; make it with duovox features"
              .formatted(folder, FILE));
    }
    String format = Json.tree(file).path("format").asString("");
    if (!format.equals(FORMAT)) {
      throw DuovoxException.badData(
          "%s: its format is \"%s\", not \"%s\": another kind of folder"
              .formatted(file, format, FORMAT));
    }
    FeatureManifest manifest = Json.read(file, FeatureManifest.class);
    if (manifest.version() != VERSION) {
      throw DuovoxException.badData(
          file + ": version " + manifest.version() + "; this program reads " + VERSION);
    }
    if (manifest.layers() == null || manifest.layers().isEmpty() || manifest.shards() == null) {
      throw DuovoxException.badData(file + ": layers or shards are missing");
    }
    return manifest;
  }

  private static void requireMerged(Path folder) {
    List<Path> parts = ShardIndex.parts(folder);
    if (!parts.isEmpty()) {
      throw DuovoxException.missing(
          "%s holds %d of %d parts of a sharded extraction; join them with duovox merge %s --out"
                  .formatted(
                      folder,
                      parts.size(),
                      ShardIndex.ofFolder(parts.getFirst()).orElseThrow().count(),
                      folder)
              + " FOLDER and use that folder");
    }
  }

  /// Name of an utterance's tensor: its id, or `id/LAYER` when there are several layers.
  String tensorName(String id, String layer) {
    return tensorName(id, layer, layers.size());
  }

  static String tensorName(String id, String layer, int layers) {
    return layers == 1 ? id : id + "/" + layer;
  }
}
