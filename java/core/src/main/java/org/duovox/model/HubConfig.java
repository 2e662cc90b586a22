package org.duovox.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.io.json.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The `config.json` of a folder in the layout of the Hugging Face Hub: a [ModelCard] with further
/// keys, which tools for such folders look for.
///
/// The further keys repeat values of the card; reading ignores them.
public final class HubConfig {
  /// Value of `model_type`.
  public static final String TYPE = "duovox";

  private static final String MODEL_TYPE = "model_type";

  private HubConfig() {}

  /// Returns the content of the file.
  public static Map<String, Object> of(ModelCard card) {
    Map<String, Object> all = new LinkedHashMap<>(furtherKeys(card.model()));
    Json.convert(card).properties().forEach(entry -> all.put(entry.getKey(), entry.getValue()));
    return all;
  }

  /// Whether a `config.json` is in this layout.
  static boolean isHub(JsonNode config) {
    return config.path(MODEL_TYPE).asString("").equals(TYPE);
  }

  /// Reads the card out of such a `config.json`.
  ///
  /// @param where file, for errors
  static ModelCard card(JsonNode config, String where) {
    ObjectNode card = ((ObjectNode) config).deepCopy();
    JsonNode model = config.path("model");
    if (model.isObject()) {
      furtherKeys(Json.convert(model, ModelConfig.class, where)).keySet().forEach(card::remove);
    }
    return Json.convert(card, ModelCard.class, where);
  }

  private static Map<String, Object> furtherKeys(ModelConfig model) {
    Map<String, Object> further = new LinkedHashMap<>();
    further.put("architectures", List.of("DuovoxModel"));
    further.put(MODEL_TYPE, TYPE);
    further.put("dtype", "float32");
    further.put("vocab_size", model.contextualCodes());
    further.put("phonetic_vocab_size", model.phoneticCodes());
    further.put("hidden_size", model.hidden());
    further.put("num_hidden_layers", model.layers());
    further.put("num_attention_heads", model.heads());
    further.put("intermediate_size", model.feedForward());
    further.put("max_position_embeddings", model.maxPositions());
    further.put("hidden_act", "gelu");
    further.put("hidden_dropout_prob", model.dropout());
    further.put("attention_probs_dropout_prob", model.dropout());
    further.put("layer_norm_eps", model.layerNormEpsilon());
    return further;
  }
}
