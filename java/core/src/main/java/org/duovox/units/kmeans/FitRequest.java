package org.duovox.units.kmeans;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.Versions;
import org.duovox.io.Hashes;
import org.duovox.io.json.Json;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.units.CodebookMetadata;
import org.duovox.units.FeatureLayer;
import org.duovox.units.StagedCentroids;
import org.duovox.units.StreamInfo;
import org.duovox.units.UtteranceInfo;

/// The identity of a fit: its settings, the origin of the features and the audio. Equal requests
/// give equal centroids, so a finished codebook need not be fitted again.
public final class FitRequest {
  static final String KEY = "request_sha256";

  private FitRequest() {}

  /// The SHA-256 over settings, origin and audio of the utterances that a fit reads; empty when the
  /// audio of one is unknown.
  static Optional<String> sha256(FeatureLayer features, KMeansConfig config, int[] utterances) {
    Hashes.Builder sum =
        Hashes.builder()
            .add(Versions.DUOVOX)
            .add(Json.line(config))
            .add(Json.line(features.stream().unseeing()));
    if (features.batchSeconds() > 0) {
      sum.add("batches of " + features.batchSeconds());
    }
    for (int u : utterances) {
      UtteranceInfo utterance = features.utterances().get(u);
      if (utterance.audioSha256().isEmpty() && utterance.frames() > 0) {
        return Optional.empty();
      }
      sum.add(utterance.id()).add(utterance.audioSha256());
    }
    return Optional.of(sum.finish());
  }

  /// Says in words how a codebook file differs from a requested fit; "" when the fit would give the
  /// same file.
  ///
  /// @param kind of staged k-means; null for plain k-means
  /// @param stages levels or groups
  /// @param chosen utterances that the fit may read
  public static String difference(
      Path file,
      FeatureLayer features,
      KMeansConfig config,
      StagedCentroids.Kind kind,
      int stages,
      int[] chosen) {
    Map<String, String> found;
    StreamInfo stream;
    try (SafetensorsFile tensors = Safetensors.open(file)) {
      found = CodebookMetadata.fit(tensors.metadata());
      stream = CodebookMetadata.stream(tensors.metadata(), file);
    } catch (DuovoxException e) {
      if (e.kind() == Kind.BAD_DATA) {
        return e.getMessage();
      }
      throw e;
    }
    String origin = stream.difference(features.stream());
    if (!origin.isEmpty()) {
      return origin;
    }
    String settings = settings(found, config, kind, stages);
    if (!settings.isEmpty()) {
      return settings;
    }
    int[] read = config.drawShare(features, chosen);
    Optional<String> wanted = sha256(features, config, read);
    if (wanted.isEmpty() || !found.containsKey(KEY)) {
      return "which audio it was fitted on is not recorded";
    }
    return wanted.get().equals(found.get(KEY)) ? "" : "fitted on other audio, or by other settings";
  }

  /// Reads settings and outcome of the fit from the metadata of a codebook file.
  public static Map<String, String> settings(Path file) {
    try (SafetensorsFile tensors = Safetensors.open(file)) {
      return CodebookMetadata.fit(tensors.metadata());
    }
  }

  private static String settings(
      Map<String, String> found, KMeansConfig config, StagedCentroids.Kind kind, int stages) {
    Map<String, String> wanted = new LinkedHashMap<>();
    wanted.put("method", kind == null ? KMeansFit.METHOD : StagedFit.method(kind));
    wanted.put("clusters", Integer.toString(config.clusters()));
    wanted.put("seed", Long.toString(config.seed()));
    if (kind != null) {
      wanted.put("stages", Integer.toString(stages));
    }
    for (Map.Entry<String, String> each : wanted.entrySet()) {
      String there = found.getOrDefault(each.getKey(), "unknown");
      if (!there.equals(each.getValue())) {
        return "%s %s against %s".formatted(each.getKey(), there, each.getValue());
      }
    }
    return "";
  }
}
