package org.duovox.speech.published;

import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.internal.EncoderShape.Codes;
import org.duovox.internal.EncoderShape.ConvNorm;
import org.duovox.internal.EncoderShape.Convolutions;
import org.duovox.internal.EncoderShape.Position;
import org.duovox.internal.EncoderShape.Positions;
import org.duovox.internal.EncoderShape.Transformer;
import org.duovox.speech.Encoder;

/// Reads the shape of HuBERT, wav2vec 2.0, data2vec-audio and WavLM from Hugging Face's
/// `config.json` and `preprocessor_config.json`.
///
/// Keys that change the result silently must be there; keys that later versions added have the
/// value that their absence means. What this program does not compute is refused.
final class TransformerConfig {
  static final String HUBERT = "hubert";
  static final String WAV2VEC2 = "wav2vec2";
  static final String DATA2VEC = "data2vec-audio";
  static final String WAVLM = "wavlm";

  private final CheckpointKeys keys;
  private final String type;

  private TransformerConfig(CheckpointKeys keys, String type) {
    this.keys = keys;
    this.type = type;
  }

  /// @param preprocessor what is done to the samples
  /// @param quantizer whether the checkpoint has wav2vec 2.0's quantizer
  static Transformer read(CheckpointKeys keys, CheckpointKeys preprocessor, boolean quantizer) {
    return new TransformerConfig(keys, keys.text("model_type")).shape(preprocessor, quantizer);
  }

  private Transformer shape(CheckpointKeys preprocessor, boolean quantizer) {
    requireKeys();
    refuseWhatIsNotComputed();
    return new Transformer(
        standardize(preprocessor),
        convolutions(),
        keys.flag("feat_proj_layer_norm", true),
        keys.integer("hidden_size"),
        keys.integer("num_hidden_layers"),
        keys.integer("num_attention_heads"),
        keys.integer("intermediate_size"),
        keys.flag("do_stable_layer_norm", false),
        positions(),
        codes(quantizer),
        keys.number("layer_norm_eps", 1e-5));
  }

  private void requireKeys() {
    List<String> needed =
        new ArrayList<>(
            List.of(
                "conv_dim",
                "conv_kernel",
                "conv_stride",
                "conv_bias",
                "hidden_size",
                "num_hidden_layers",
                "num_attention_heads",
                "intermediate_size"));
    if (!type.equals(DATA2VEC)) {
      needed.add("feat_extract_norm");
      needed.add("do_stable_layer_norm");
    }
    keys.requireAll(needed);
  }

  private void refuseWhatIsNotComputed() {
    keys.requireIf("hidden_act", keys.text("hidden_act", "gelu").equals("gelu"), "gelu");
    keys.requireIf(
        "feat_extract_activation",
        keys.text("feat_extract_activation", "gelu").equals("gelu"),
        "gelu");
    keys.requireIf("add_adapter", !keys.flag("add_adapter", false), "false");
    keys.requireIf("adapter_attn_dim", false, "null");
    int convolutions = keys.integers("conv_dim").size();
    keys.requireIf(
        "num_feat_extract_layers",
        keys.integer("num_feat_extract_layers", convolutions) == convolutions,
        convolutions + ", as conv_dim has");
  }

  /// `do_normalize` changes units without a trace, so it is never guessed.
  private static boolean standardize(CheckpointKeys preprocessor) {
    preprocessor.requireAll(List.of("do_normalize"));
    preprocessor.requireIf(
        "sampling_rate",
        preprocessor.integer("sampling_rate", Encoder.SAMPLE_RATE) == Encoder.SAMPLE_RATE,
        "16000");
    return preprocessor.flag("do_normalize");
  }

  private Convolutions convolutions() {
    List<Integer> widths = keys.integers("conv_dim");
    List<Integer> kernels = keys.integers("conv_kernel");
    List<Integer> strides = keys.integers("conv_stride");
    int count = widths.size();
    if (count == 0 || count > 16 || kernels.size() != count || strides.size() != count) {
      throw DuovoxException.badData(
          "%s: conv_dim, conv_kernel and conv_stride have %d, %d and %d members; they need the same number, 1 to 16"
              .formatted(keys.file(), count, kernels.size(), strides.size()));
    }
    return new Convolutions(widths, kernels, strides, keys.flag("conv_bias"), norm());
  }

  private ConvNorm norm() {
    String norm = type.equals(DATA2VEC) ? "layer" : keys.text("feat_extract_norm");
    return switch (norm) {
      case "group" -> ConvNorm.GROUP;
      case "layer" -> ConvNorm.LAYER;
      default ->
          throw DuovoxException.badData(
              "%s: feat_extract_norm is \"%s\"; it must be group or layer"
                  .formatted(keys.file(), norm));
    };
  }

  private Positions positions() {
    boolean stacked = type.equals(DATA2VEC);
    boolean relative = type.equals(WAVLM);
    Position kind =
        stacked
            ? Position.STACKED
            : keys.flag("conv_pos_batch_norm", false) ? Position.BATCH_NORM : Position.WEIGHT_NORM;
    return new Positions(
        kind,
        stacked
            ? keys.integer("conv_pos_kernel_size", 19)
            : keys.integer("num_conv_pos_embeddings", 128),
        keys.integer("num_conv_pos_embedding_groups", 16),
        stacked ? keys.integer("num_conv_pos_embeddings", 5) : 1,
        relative ? keys.integer("num_buckets", 320) : 0,
        relative ? keys.integer("max_bucket_distance", 800) : 0);
  }

  private Codes codes(boolean quantizer) {
    if (!type.equals(WAV2VEC2) || !quantizer) {
      return Codes.NONE;
    }
    keys.requireAll(
        List.of("num_codevector_groups", "num_codevectors_per_group", "codevector_dim"));
    return new Codes(
        keys.integer("num_codevector_groups"),
        keys.integer("num_codevectors_per_group"),
        keys.integer("codevector_dim"));
  }
}
