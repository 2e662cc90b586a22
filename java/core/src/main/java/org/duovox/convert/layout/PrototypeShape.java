package org.duovox.convert.layout;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.duovox.convert.checkpoint.CheckpointSettings;
import org.duovox.convert.checkpoint.MemoryTensor;
import org.duovox.convert.checkpoint.StateDict;
import org.duovox.convert.checkpoint.Tensor;
import org.duovox.convert.pickle.Malformed;
import org.duovox.io.json.Json;
import org.duovox.model.ModelConfig;
import org.duovox.model.ModelConfig.HeadLayout;
import org.duovox.model.PrototypeTensors;
import org.duovox.model.UnitIds;
import tools.jackson.databind.JsonNode;

/// The shape of a prototype: from its tensors, which must fit each other, and from `config.json`
/// beside it, whose keys may be BERT's (`num_attention_heads`) or short (`heads`).
final class PrototypeShape {
  private static final int HEADS = 8;
  private static final String EMBEDDINGS = "bert.embeddings.";
  private static final String CHARACTERS = "bert.char_embeddings.";
  private static final String HEAD = "cls.predictions.";
  private static final String FUSION = PrototypeTensors.FUSION + "0";

  private final StateDict state;
  private final Path settingsFile;
  private final CheckpointSettings settings;
  private final OptionalInt heads;
  private final List<String> notes;

  /// @param heads where the user said
  /// @param notes takes what had to be assumed
  PrototypeShape(StateDict state, Path file, OptionalInt heads, List<String> notes) {
    this.state = state;
    this.settingsFile = file.toAbsolutePath().resolveSibling(Converted.CONFIG);
    this.settings =
        Files.isRegularFile(settingsFile)
            ? CheckpointSettings.json(settingsFile)
            : CheckpointSettings.NONE;
    this.heads = heads;
    this.notes = notes;
  }

  ModelConfig config() {
    long hidden = rows("bert.encoder.word_linear1.weight", 2);
    long words = rows(EMBEDDINGS + "word_embeddings.weight", 2);
    long characters = rows(CHARACTERS + "char_embeddings.weight", 2);
    long scores = rows(HEAD + "decoder", 2);
    long layers = state.count("bert.encoder.layer.", ".attention.self.query.weight");
    if (layers == 0 || words <= UnitIds.CONTEXTUAL_SPECIALS || characters < 2) {
      throw new Malformed(
          "a prototype of %d layers, %d contextual and %d phonetic units"
              .formatted(layers, words, characters));
    }
    if (scores != words && scores != words - UnitIds.CONTEXTUAL_SPECIALS) {
      throw new Malformed(
          "\"%sdecoder\" scores %d units, the embedding has %d".formatted(HEAD, scores, words));
    }
    agree(hidden, words, layers);
    requireTensors(hidden, words, layers);
    return ModelConfig.preset("charbert")
        .with(draft -> {
          draft.contextualCodes = size(words - UnitIds.CONTEXTUAL_SPECIALS);
          draft.phoneticCodes = size(characters - 1);
          draft.layers = size(layers);
          draft.hidden = size(hidden);
          draft.heads = heads(hidden);
          draft.feedForward = size(rows("bert.encoder.layer.0.intermediate.dense.weight", 2));
          draft.maxPositions = size(rows(EMBEDDINGS + "position_embeddings.weight", 2));
          draft.phoneticEmbedding =
              size(state.require(CHARACTERS + "char_embeddings.weight").size(1));
          draft.headLayout = HeadLayout.CONCATENATED;
          draft.headWidth = size(rows(HEAD + "transform.dense.weight", 2));
          draft.headSpecials = scores == words;
          draft.typeEmbeddings = 1;
          fraction("hidden_dropout_prob").ifPresent(value -> draft.dropout = value);
          fraction("layer_norm_eps").ifPresent(value -> draft.layerNormEpsilon = value);
        });
  }

  private int heads(long hidden) {
    Optional<Long> said = settings.whole("heads").or(() -> settings.whole("num_attention_heads"));
    if (heads.isPresent()) {
      said.filter(value -> value != heads.getAsInt())
          .ifPresent(value -> {
            throw new Malformed(
                "%s says %d attention heads, --heads %d"
                    .formatted(settingsFile, value, heads.getAsInt()));
          });
    }
    long count = heads.isPresent() ? heads.getAsInt() : said.orElse((long) HEADS);
    if (heads.isEmpty() && said.isEmpty()) {
      notes.add(
          "neither the tensors nor a config.json say how many attention heads there are: 8, as in"
              + " the prototype; --heads N says otherwise");
    }
    if (count < 1 || hidden % count != 0) {
      throw new Malformed(
          "%d attention heads do not divide a hidden width of %d; say how many with --heads N"
              .formatted(count, hidden));
    }
    return size(count);
  }

  private void agree(long hidden, long words, long layers) {
    settings.requireEqual("layers", layers);
    settings.requireEqual("num_hidden_layers", layers);
    settings.requireEqual("hidden", hidden);
    settings.requireEqual("hidden_size", hidden);
    settings.requireEqual("vocab_size", words);
    long wide = rows("bert.encoder.layer.0.intermediate.dense.weight", 2);
    settings.requireEqual("ffn", wide);
    settings.requireEqual("intermediate_size", wide);
    settings
        .text("hidden_act")
        .filter(name -> !name.equals("gelu"))
        .ifPresent(name -> {
          throw new Malformed("hidden_act is '%s'; only gelu is computed here".formatted(name));
        });
  }

  private void requireTensors(long hidden, long words, long layers) {
    state.require(EMBEDDINGS + "word_embeddings.weight", words, hidden);
    state.require(
        EMBEDDINGS + "position_embeddings.weight",
        rows(EMBEDDINGS + "position_embeddings.weight", 2),
        hidden);
    state.require(EMBEDDINGS + "token_type_embeddings.weight", 1, hidden);
    requireNorm(EMBEDDINGS + "LayerNorm", hidden);
    requireGru(hidden);
    long wide = rows("bert.encoder.layer.0.intermediate.dense.weight", 2);
    for (long i = 0; i < layers; i++) {
      requireLayer("bert.encoder.layer." + i, hidden, wide);
    }
    state.require("bert.encoder.word_linear1.weight", hidden, hidden);
    state.require("bert.encoder.char_linear1.weight", hidden, hidden);
    String fusion = stored(FUSION + ".weight", state);
    state.require(fusion, hidden, 2 * hidden, 3);
    state.require(stored(FUSION + ".bias", state), hidden);
    requireNorm("bert.encoder.word_norm", hidden);
    requireNorm("bert.encoder.char_norm", hidden);
    requireHead(hidden);
  }

  private void requireGru(long hidden) {
    long width = state.require(CHARACTERS + "char_embeddings.weight").size(1);
    if (hidden % 4 != 0) {
      throw new Malformed("a hidden width of %d is no multiple of 4".formatted(hidden));
    }
    long gates = 3 * (hidden / 4);
    for (String end : List.of("_l0", "_l0_reverse")) {
      String layer = CHARACTERS + "rnn_layer.";
      state.require(layer + "weight_ih" + end, gates, width);
      state.require(layer + "weight_hh" + end, gates, hidden / 4);
      state.require(layer + "bias_ih" + end, gates);
      state.require(layer + "bias_hh" + end, gates);
    }
  }

  private void requireLayer(String layer, long hidden, long wide) {
    for (String part : List.of("self.query", "self.key", "self.value", "output.dense")) {
      state.require(layer + ".attention." + part + ".weight", hidden, hidden);
      state.require(layer + ".attention." + part + ".bias", hidden);
    }
    requireNorm(layer + ".attention.output.LayerNorm", hidden);
    state.require(layer + ".intermediate.dense.weight", wide, hidden);
    state.require(layer + ".intermediate.dense.bias", wide);
    state.require(layer + ".output.dense.weight", hidden, wide);
    state.require(layer + ".output.dense.bias", hidden);
    requireNorm(layer + ".output.LayerNorm", hidden);
  }

  private void requireHead(long hidden) {
    long width = rows(HEAD + "transform.dense.weight", 2);
    state.require(HEAD + "transform.dense.weight", width, 2 * hidden);
    state.require(HEAD + "transform.dense.bias", width);
    requireNorm(HEAD + "transform.LayerNorm", width);
    long scores = rows(HEAD + "decoder", 2);
    state.require(HEAD + "decoder", scores, width);
    state.require(HEAD + "bias", scores);
  }

  private void requireNorm(String name, long width) {
    state.require(name + ".weight", width);
    state.require(name + ".bias", width);
  }

  private long rows(String name, int rank) {
    Tensor tensor = state.require(name);
    if (tensor.rank() != rank) {
      throw new Malformed("tensor \"%s\" is %s".formatted(name, tensor.describe()));
    }
    return tensor.size(0);
  }

  private Optional<Double> fraction(String key) {
    if (!settings.isPresent()) {
      return Optional.empty();
    }
    JsonNode value = Json.tree(settingsFile).path(key);
    return value.isNumber() ? Optional.of(value.doubleValue()) : Optional.empty();
  }

  private static int size(long value) {
    if (value != (int) value) {
      throw new Malformed("a size of " + value);
    }
    return (int) value;
  }

  /// Refuses a model of several fusion convolutions, which has more weights than the prototype.
  ///
  /// The prototype has one, which a list holds once per layer, so that a state dictionary repeats
  /// it. What is repeated must be equal; repetitions may be left out, as savers do that store
  /// shared tensors once.
  static void requireOneFusion(StateDict state) {
    for (String part : List.of(".weight", ".bias")) {
      List<String> names = fusionNames(state, part);
      if (names.isEmpty()) {
        throw new Malformed(
            "the checkpoint has no tensor \"%s0%s\", which its layout needs"
                .formatted(PrototypeTensors.FUSION, part));
      }
      float[] first = MemoryTensor.floats(names.getFirst(), state.require(names.getFirst()));
      for (String name : names.subList(1, names.size())) {
        if (!Arrays.equals(first, MemoryTensor.floats(name, state.require(name)))) {
          throw new Malformed(
              ("\"%s\" and \"%s\" differ, but the prototype has one fusion convolution that all"
                      + " layers share; this checkpoint is of another model")
                  .formatted(names.getFirst(), name));
        }
      }
    }
  }

  /// The name under which a state dictionary holds a tensor of the prototype.
  static String stored(String name, StateDict state) {
    String first = PrototypeTensors.FUSION + "0";
    return name.startsWith(first)
        ? fusionNames(state, name.substring(first.length())).getFirst()
        : name;
  }

  private static List<String> fusionNames(StateDict state, String end) {
    return state.tensors().keySet().stream()
        .filter(name -> name.startsWith(PrototypeTensors.FUSION) && name.endsWith(end))
        .toList();
  }
}
