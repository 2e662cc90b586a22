package org.duovox.convert.layout;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.duovox.convert.checkpoint.StateDict;
import org.duovox.convert.checkpoint.Tensor;
import org.duovox.io.json.Json;

/// What a checkpoint becomes, before it is written.
///
/// @param layout its kind, for people
/// @param tensors content of `model.safetensors`; empty for a codebook
/// @param centroids content of `codebook.safetensors`: `cluster_centers_`, (clusters, width)
/// @param texts further files by name
/// @param dropped what of the checkpoint is left out
/// @param notes what had to be assumed
public record Converted(
    String layout,
    StateDict tensors,
    Optional<Tensor> centroids,
    Map<String, String> texts,
    List<String> dropped,
    List<String> notes) {
  static final String CONFIG = "config.json";
  static final String PREPROCESSOR = "preprocessor_config.json";
  static final String PROCESSOR = "processor_config.json";

  public Converted {
    texts = Map.copyOf(texts);
    dropped = List.copyOf(dropped);
    notes = List.copyOf(notes);
  }

  /// An encoder with its configuration.
  static Converted encoder(
      String layout, StateDict tensors, Map<String, ?> config, List<String> dropped) {
    Map<String, String> texts = Map.of(CONFIG, Json.pretty(config));
    return new Converted(layout, tensors, Optional.empty(), texts, dropped, List.of());
  }
}
