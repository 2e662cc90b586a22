package org.duovox.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.io.json.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `config.json` of a folder in the layout of the Hugging Face Hub: a [ModelCard] with the keys
/// beside it that tools for such folders look for.
///
/// The added keys repeat what the card says; reading takes the card and leaves them out.
public final class HubConfig {
  /// Value of `model_type`.
  public static final String TYPE = "duovox";

  private static final String MODEL_TYPE = "model_type";

  private HubConfig() {}

  /// The content of the file.
  public static Map<String, Object> of(ModelCard card) {
    Map<String, Object> all = new LinkedHashMap<>(added(card.model()));
    Json.convert(card).properties().forEach(entry -> all.put(entry.getKey(), entry.getValue()));
    return all;
  }

  /// Whether a `config.json` has the added keys.
  static boolean isHub(JsonNode config) {
    return config.path(MODEL_TYPE).asString("").equals(TYPE);
  }

  /// The card in such a `config.json`.
  ///
  /// @param where file, for errors
  static ModelCard card(JsonNode config, String where) {
    ObjectNode card = ((ObjectNode) config).deepCopy();
    JsonNode model = config.path("model");
    if (model.isObject()) {
      added(Json.convert(model, ModelConfig.class, where)).keySet().forEach(card::remove);
    }
    return Json.convert(card, ModelCard.class, where);
  }

  private static Map<String, Object> added(ModelConfig model) {
    Map<String, Object> added = new LinkedHashMap<>();
    added.put("architectures", List.of("DuovoxModel"));
    added.put(MODEL_TYPE, TYPE);
    added.put("dtype", "float32");
    added.put("vocab_size", model.contextualCodes());
    added.put("phonetic_vocab_size", model.phoneticCodes());
    added.put("hidden_size", model.hidden());
    added.put("num_hidden_layers", model.layers());
    added.put("num_attention_heads", model.heads());
    added.put("intermediate_size", model.feedForward());
    added.put("max_position_embeddings", model.maxPositions());
    added.put("hidden_act", "gelu");
    added.put("hidden_dropout_prob", model.dropout());
    added.put("attention_probs_dropout_prob", model.dropout());
    added.put("layer_norm_eps", model.layerNormEpsilon());
    return added;
  }
}
