package org.duovox.convert.layout;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.duovox.convert.checkpoint.CheckpointSettings;
import org.duovox.convert.checkpoint.StateDict;
import org.duovox.convert.checkpoint.Tensor;
import org.duovox.convert.layout.ConvolutionText.Convolution;
import org.duovox.convert.pickle.Malformed;

/// The configuration of Hugging Face for a checkpoint of fairseq: sizes from the tensors, flags
/// from the settings, and a contradiction between the two is an error.
final class FairseqConfig {
  private static final List<Long> USUAL_KERNELS = List.of(10L, 3L, 3L, 3L, 3L, 2L, 2L);
  private static final List<Long> USUAL_STRIDES = List.of(5L, 2L, 2L, 2L, 2L, 2L, 2L);
  private static final long USUAL_HEAD = 64;

  private final FairseqModel family;
  private final StateDict state;
  private final CheckpointSettings settings;
  private final CheckpointSettings task;
  private final List<String> notes;
  private final boolean groupNorm;
  private final Map<String, Object> config = new LinkedHashMap<>();

  /// @param notes receives what had to be assumed
  FairseqConfig(
      FairseqModel family, StateDict state, FairseqSettings settings, List<String> notes) {
    this.family = family;
    this.state = state;
    this.settings = settings.model();
    this.task = settings.task();
    this.notes = notes;
    groupNorm = state.has("feature_extractor.conv_layers.0.2.weight");
  }

  /// `config.json`.
  Map<String, Object> model() {
    boolean quantized = family == FairseqModel.WAV2VEC2 && state.has("quantizer.vars");
    config.put("model_type", family.type());
    config.put(
        "architectures", List.of(quantized ? "Wav2Vec2ForPreTraining" : family.architecture()));
    convolutions();
    transformer();
    positions();
    if (family == FairseqModel.HUBERT) {
      config.put("feat_proj_layer_norm", true);
      config.put("conv_pos_batch_norm", false);
    }
    if (family == FairseqModel.WAVLM) {
      Tensor buckets = state.require("encoder.layers.0.self_attn.relative_attention_bias.weight");
      config.put("num_buckets", buckets.size(0));
      config.put("max_bucket_distance", settings.whole("max_distance").orElse(800L));
    }
    if (quantized) {
      quantizer();
    }
    return config;
  }

  /// `preprocessor_config.json`.
  Map<String, Object> preprocessor() {
    Optional<Boolean> said = task.flag("normalize").or(() -> settings.flag("normalize"));
    if (said.isEmpty()) {
      notes.add(
          "the settings do not say whether the waveform is normalized; assumed %s, as for published"
                  .formatted(!groupNorm)
              + " models of this kind");
    }
    Map<String, Object> preprocessor = new LinkedHashMap<>();
    preprocessor.put("do_normalize", said.orElse(!groupNorm));
    preprocessor.put("feature_extractor_type", "Wav2Vec2FeatureExtractor");
    preprocessor.put("feature_size", 1);
    preprocessor.put("padding_side", "right");
    preprocessor.put("padding_value", 0.0);
    preprocessor.put("return_attention_mask", !groupNorm);
    preprocessor.put("sampling_rate", task.whole("sample_rate").orElse(16000L));
    return preprocessor;
  }

  private void convolutions() {
    int layers = state.count("feature_extractor.conv_layers.", ".0.weight");
    List<Tensor> weights =
        IntStream.range(0, layers)
            .mapToObj(i -> state.require("feature_extractor.conv_layers." + i + ".0.weight"))
            .toList();
    if (weights.stream().anyMatch(weight -> weight.rank() != 3)) {
      throw new Malformed("a convolution of the feature extractor that is not one-dimensional");
    }
    List<Long> channels = weights.stream().map(weight -> weight.size(0)).toList();
    List<Long> kernels = weights.stream().map(weight -> weight.size(2)).toList();
    boolean bias = state.has("feature_extractor.conv_layers.0.0.bias");
    settings.requireEqual("conv_bias", bias);
    settings.requireEqual("extractor_mode", groupNorm ? "default" : "layer_norm");
    config.put("conv_dim", channels);
    config.put("conv_kernel", kernels);
    config.put("conv_stride", strides(channels, kernels));
    config.put("num_feat_extract_layers", layers);
    config.put("conv_bias", bias);
    config.put("feat_extract_activation", "gelu");
    if (family != FairseqModel.DATA2VEC) {
      config.put("feat_extract_norm", groupNorm ? "group" : "layer");
    } else if (groupNorm) {
      throw new Malformed("data2vec-audio with group normalization, which Hugging Face has not");
    }
  }

  private List<Long> strides(List<Long> channels, List<Long> kernels) {
    Optional<List<Convolution>> said =
        settings.text("conv_feature_layers").map(ConvolutionText::parse);
    if (said.isEmpty()) {
      if (!kernels.equals(USUAL_KERNELS)) {
        throw new Malformed(
            "the strides of convolutions with kernels %s are not told".formatted(kernels));
      }
      notes.add("the settings do not give the strides; assumed 5, 2, 2, 2, 2, 2, 2");
      return USUAL_STRIDES;
    }
    List<Convolution> layers = said.get();
    if (!layers.stream().map(Convolution::channels).toList().equals(channels)
        || !layers.stream().map(Convolution::kernel).toList().equals(kernels)) {
      throw CheckpointSettings.contradiction(
          "conv_feature_layers", settings.text("conv_feature_layers").get(), kernels);
    }
    return layers.stream().map(Convolution::stride).toList();
  }

  private void transformer() {
    long hidden = state.require("encoder.layer_norm.weight").size(0);
    long width = (Long) ((List<?>) config.get("conv_dim")).getLast();
    if (!state.has("post_extract_proj.weight")) {
      throw new Malformed(
          "no post_extract_proj: the convolutions are as wide as the transformer, a form that"
              + " Hugging Face has not");
    }
    state.require("post_extract_proj.weight", hidden, width);
    int layers = state.count("encoder.layers.", ".fc1.weight");
    settings.requireEqual("encoder_layers", layers);
    settings.requireEqual("encoder_embed_dim", hidden);
    Tensor inner = state.require("encoder.layers.0.fc1.weight");
    settings.requireEqual("encoder_ffn_embed_dim", inner.size(0));
    config.put("hidden_size", hidden);
    config.put("num_hidden_layers", layers);
    config.put("num_attention_heads", heads(hidden));
    config.put("intermediate_size", inner.size(0));
    config.put("hidden_act", activation());
    config.put("layer_norm_eps", 1e-5);
    boolean stable = stable();
    if (family != FairseqModel.DATA2VEC) {
      config.put("do_stable_layer_norm", stable);
    } else if (stable) {
      throw new Malformed("data2vec-audio with layer_norm_first, which Hugging Face has not");
    }
  }

  private boolean stable() {
    Optional<Boolean> said = settings.flag("layer_norm_first");
    if (said.isEmpty()) {
      boolean assumed = !groupNorm && family != FairseqModel.DATA2VEC;
      notes.add("the settings do not give layer_norm_first; assumed %s".formatted(assumed));
      return assumed;
    }
    return said.get();
  }

  private long heads(long hidden) {
    Optional<Long> said = settings.whole("encoder_attention_heads");
    if (said.isEmpty()) {
      notes.add("the settings do not give encoder_attention_heads; assumed heads of 64");
    }
    long heads = said.orElse(hidden / USUAL_HEAD);
    if (heads < 1 || hidden % heads != 0) {
      throw new Malformed("%d attention heads in a width of %d".formatted(heads, hidden));
    }
    return heads;
  }

  private String activation() {
    String name = settings.text("activation_fn").orElse("gelu");
    if (!name.equals("gelu") && !name.equals("relu")) {
      throw new Malformed("the activation '%s', for which there is no equal".formatted(name));
    }
    return name;
  }

  private void positions() {
    long hidden = (Long) config.get("hidden_size");
    if (family == FairseqModel.DATA2VEC) {
      Tensor weight = state.require("encoder.pos_conv.0.0.weight");
      config.put("num_conv_pos_embeddings", state.count("encoder.pos_conv.", ".0.weight"));
      config.put("conv_pos_kernel_size", weight.size(2));
      config.put("num_conv_pos_embedding_groups", hidden / weight.size(1));
      return;
    }
    Tensor direction =
        state
            .find("encoder.pos_conv.0.weight_v")
            .or(() -> state.find("encoder.pos_conv.0.parametrizations.weight.original1"))
            .orElseThrow(() -> new Malformed("no encoder.pos_conv.0.weight_v"));
    if (direction.rank() != 3 || direction.size(0) != hidden || direction.size(1) < 1) {
      throw new Malformed("the position convolution is " + direction.describe());
    }
    settings.requireEqual("conv_pos", direction.size(2));
    settings.requireEqual("conv_pos_groups", hidden / direction.size(1));
    config.put("num_conv_pos_embeddings", direction.size(2));
    config.put("num_conv_pos_embedding_groups", hidden / direction.size(1));
  }

  private void quantizer() {
    Tensor vectors = state.require("quantizer.vars");
    Tensor logits = state.require("quantizer.weight_proj.weight");
    Tensor projection = state.require("project_q.weight");
    boolean plain = vectors.rank() == 3 && vectors.size(0) == 1 && vectors.size(2) > 0;
    if (!plain || logits.rank() != 2 || projection.rank() != 2) {
      throw new Malformed("a quantizer of shape " + vectors.describe());
    }
    if (vectors.size(1) != logits.size(0)) {
      throw new Malformed("a quantizer whose groups share their codes, which Hugging Face has not");
    }
    long groups = projection.size(1) / vectors.size(2);
    if (groups < 1 || vectors.size(1) % groups != 0) {
      throw new Malformed("a quantizer of %d groups".formatted(groups));
    }
    settings.requireEqual("latent_groups", groups);
    settings.requireEqual("latent_vars", vectors.size(1) / groups);
    config.put("num_codevector_groups", groups);
    config.put("num_codevectors_per_group", vectors.size(1) / groups);
    config.put("codevector_dim", projection.size(1));
    config.put("proj_codevector_dim", projection.size(0));
  }
}
