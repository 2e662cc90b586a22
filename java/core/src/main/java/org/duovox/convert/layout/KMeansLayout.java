package org.duovox.convert.layout;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.duovox.convert.checkpoint.CheckpointFile;
import org.duovox.convert.checkpoint.CheckpointSettings;
import org.duovox.convert.checkpoint.StateDict;
import org.duovox.convert.checkpoint.Tensor;
import org.duovox.convert.pickle.Dict;
import org.duovox.convert.pickle.InertObject;
import org.duovox.convert.pickle.Malformed;
import org.duovox.io.json.Json;

/// K-means codebooks: KMeans and MiniBatchKMeans of scikit-learn, dumped by joblib or pickle
/// (fairseq, GSLM, textless, SpeechBrain), and the clustering checkpoints of CPC_audio (`Ck`).
public final class KMeansLayout implements Layout {
  private static final String CENTERS = "cluster_centers_";

  @Override
  public Optional<Converted> read(CheckpointFile checkpoint) {
    return switch (checkpoint.root()) {
      case InertObject model when model.className().startsWith("sklearn.cluster.") ->
          Optional.of(scikit(model));
      case Dict root -> clustering(root);
      case null, default -> Optional.empty();
    };
  }

  private static Converted scikit(InertObject model) {
    Tensor centers =
        StateDict.asTensor(model.attribute(CENTERS))
            .orElseThrow(
                () -> new Malformed("a k-means that was not fitted: it has no " + CENTERS));
    List<String> dropped = new ArrayList<>();
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("model_type", "kmeans");
    config.put("class", model.className());
    collect(model.attributes(), config, dropped);
    dropped.remove(CENTERS);
    return codebook("k-means of scikit-learn", centers, config, dropped);
  }

  private static Optional<Converted> clustering(Dict root) {
    Optional<Tensor> centers =
        root.dict("state_dict").flatMap(state -> StateDict.asTensor(state.get("Ck")));
    if (centers.isEmpty()) {
      return Optional.empty();
    }
    List<String> dropped = new ArrayList<>();
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("model_type", "kmeans");
    config.put("class", "CPC_audio clustering");
    collect(root, config, dropped);
    dropped.remove("state_dict");
    root.dict("state_dict")
        .ifPresent(state -> state.entries().keySet().forEach(k -> dropped.add("state_dict." + k)));
    dropped.remove("state_dict.Ck");
    return Optional.of(codebook("k-means of CPC_audio", centers.get(), config, dropped));
  }

  /// Scalars go to the configuration, the names of everything else to `dropped`.
  private static void collect(Dict from, Map<String, Object> config, List<String> dropped) {
    from.entries()
        .forEach((key, value) -> {
          String name = String.valueOf(key);
          boolean scalar =
              value instanceof String
                  || value instanceof Long
                  || value instanceof Double
                  || value instanceof Boolean;
          if (scalar && key instanceof String) {
            config.putIfAbsent(name, value);
          } else if (value != null) {
            dropped.add(name);
          }
        });
  }

  private static Converted codebook(
      String layout, Tensor centers, Map<String, Object> config, List<String> dropped) {
    Tensor flat = flat(centers);
    boolean sane = flat.rank() == 2 && flat.size(0) > 0 && flat.size(1) > 0;
    if (!sane || !flat.dtype().isFloating()) {
      throw new Malformed(
          "the centroids are %s, not (clusters, width)".formatted(centers.describe()));
    }
    CheckpointSettings said = new CheckpointSettings(dict(config));
    said.requireEqual("n_clusters", flat.size(0));
    said.requireEqual("dim", flat.size(1));
    return new Converted(
        layout,
        new StateDict(),
        Optional.of(flat),
        Map.of(Converted.CONFIG, Json.pretty(config)),
        dropped,
        List.of());
  }

  private static Dict dict(Map<String, Object> map) {
    Dict dict = new Dict();
    map.forEach(dict::put);
    return dict;
  }

  /// (1, K, D) as (K, D).
  private static Tensor flat(Tensor centers) {
    return centers.rank() == 3 && centers.size(0) == 1 ? centers.withoutFirst() : centers;
  }
}
