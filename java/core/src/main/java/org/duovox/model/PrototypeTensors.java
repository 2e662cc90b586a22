package org.duovox.model;

import java.util.ArrayList;
import java.util.List;

/// The tensors of the first author's prototype (jaeyeonkim99/WPBERT) as rows of our tensors, by the
/// names of its state dictionary.
///
/// The prototype keeps query, key and value apart, where ours are one tensor, and has no phonetic
/// MASK, for which ours has one more row. Its fusion convolution is one module that a list names
/// once per layer; here it has the name in the first layer.
public final class PrototypeTensors {
  /// The layout of the prototype in [ModelCard.Origin].
  public static final String LAYOUT = "WPBERT";

  /// The prefix of the fusion convolution's names; all layers share this convolution.
  public static final String FUSION = "bert.encoder.fusion_layer_list.";

  /// Rows of one of our tensors under the prototype's name.
  ///
  /// @param name in the prototype's state dictionary
  /// @param tensor of ours
  /// @param first index of the first row
  /// @param count of the rows; [#ALL] for the whole tensor
  public record Rows(String name, String tensor, long first, long count) {}

  /// The count of rows that are a whole tensor.
  public static final long ALL = -1;

  private final ModelConfig config;
  private final List<Rows> all = new ArrayList<>();

  private PrototypeTensors(ModelConfig config) {
    this.config = config;
  }

  /// All tensors of a prototype of this shape, in the order of its layers.
  public static List<Rows> all(ModelConfig config) {
    PrototypeTensors tensors = new PrototypeTensors(config);
    tensors.embeddings();
    for (int i = 0; i < config.layers(); i++) {
      tensors.layer("bert.encoder.layer." + i, "contextual.layer." + i);
    }
    tensors.interaction();
    tensors.head();
    return List.copyOf(tensors.all);
  }

  private void embeddings() {
    String ours = "contextual.embedding.";
    whole("bert.embeddings.word_embeddings.weight", ours + "unit.weight");
    whole("bert.embeddings.position_embeddings.weight", ours + "position.weight");
    whole("bert.embeddings.token_type_embeddings.weight", ours + "type.weight");
    both("bert.embeddings.LayerNorm", ours + "norm");
    String fine = "phonetic.embedding.";
    long units = UnitIds.of(config).phoneticMask(); // The ids below MASK.
    all.add(
        new Rows("bert.char_embeddings.char_embeddings.weight", fine + "unit.weight", 0, units));
    for (String direction : new String[] {"forward", "backward"}) {
      String end = "_l0" + (direction.equals("backward") ? "_reverse" : "");
      String rnn = "bert.char_embeddings.rnn_layer.";
      String gru = fine + "gru." + direction + ".";
      whole(rnn + "weight_ih" + end, gru + "input.weight");
      whole(rnn + "bias_ih" + end, gru + "input.bias");
      whole(rnn + "weight_hh" + end, gru + "hidden.weight");
      whole(rnn + "bias_hh" + end, gru + "hidden.bias");
    }
  }

  private void layer(String theirs, String ours) {
    String[] names = {"query", "key", "value"};
    for (int i = 0; i < names.length; i++) {
      long first = (long) i * config.hidden();
      String name = theirs + ".attention.self." + names[i];
      all.add(new Rows(name + ".weight", ours + ".attention.qkv.weight", first, config.hidden()));
      all.add(new Rows(name + ".bias", ours + ".attention.qkv.bias", first, config.hidden()));
    }
    both(theirs + ".attention.output.dense", ours + ".attention.output");
    both(theirs + ".attention.output.LayerNorm", ours + ".attention.norm");
    both(theirs + ".intermediate.dense", ours + ".feed_forward.input");
    both(theirs + ".output.dense", ours + ".feed_forward.output");
    both(theirs + ".output.LayerNorm", ours + ".feed_forward.norm");
  }

  private void interaction() {
    String ours = "interaction.shared.";
    whole("bert.encoder.word_linear1.weight", ours + "contextual.input.weight");
    whole("bert.encoder.char_linear1.weight", ours + "phonetic.input.weight");
    both(FUSION + "0", ours + "convolution");
    both("bert.encoder.word_norm", ours + "contextual.norm");
    both("bert.encoder.char_norm", ours + "phonetic.norm");
  }

  private void head() {
    both("cls.predictions.transform.dense", "heads.mcp.dense");
    both("cls.predictions.transform.LayerNorm", "heads.mcp.norm");
    whole("cls.predictions.decoder", "heads.mcp.output.weight");
    whole("cls.predictions.bias", "heads.mcp.output.bias");
  }

  private void both(String name, String tensor) {
    whole(name + ".weight", tensor + ".weight");
    whole(name + ".bias", tensor + ".bias");
  }

  private void whole(String name, String tensor) {
    all.add(new Rows(name, tensor, 0, ALL));
  }
}
