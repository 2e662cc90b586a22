package org.duovox.convert.layout;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Names of tensors of fairseq's speech models as Hugging Face transformers has them.
///
/// Sources: transformers' conversion scripts for wav2vec 2.0, HuBERT, data2vec-audio and WavLM.
final class FairseqNames {
  private static final String SIDE = "\\.(weight|bias)";
  private static final String CONVOLUTION = "feature_extractor.conv_layers.";

  private record Rule(Pattern pattern, String replacement) {}

  /// Names within one transformer layer.
  private static final Map<String, String> IN_LAYER =
      Map.of(
          "self_attn.k_proj", "attention.k_proj",
          "self_attn.v_proj", "attention.v_proj",
          "self_attn.q_proj", "attention.q_proj",
          "self_attn.out_proj", "attention.out_proj",
          "self_attn.grep_linear", "attention.gru_rel_pos_linear",
          "self_attn.relative_attention_bias", "attention.rel_attn_embed",
          "self_attn_layer_norm", "layer_norm",
          "fc1", "feed_forward.intermediate_dense",
          "fc2", "feed_forward.output_dense",
          "final_layer_norm", "final_layer_norm");

  private static final Pattern LAYER = Pattern.compile("encoder\\.layers\\.(\\d+)\\.(.+)" + SIDE);

  private static final List<Rule> RULES =
      List.of(
          rule("feature_extractor\\.conv_layers\\.(\\d+)\\.0" + SIDE, CONVOLUTION + "$1.conv.$2"),
          rule("feature_extractor\\.conv_layers\\.0\\.2" + SIDE, CONVOLUTION + "0.layer_norm.$1"),
          rule(
              "feature_extractor\\.conv_layers\\.(\\d+)\\.2\\.1" + SIDE,
              CONVOLUTION + "$1.layer_norm.$2"),
          rule("layer_norm" + SIDE, "feature_projection.layer_norm.$1"),
          rule("post_extract_proj" + SIDE, "feature_projection.projection.$1"),
          rule("mask_emb", "masked_spec_embed"),
          rule(
              "encoder\\.pos_conv\\.0\\.(bias|weight_g|weight_v|parametrizations\\.weight\\.original[01])",
              "encoder.pos_conv_embed.conv.$1"),
          rule(
              "encoder\\.pos_conv\\.(\\d+)\\.0" + SIDE, "encoder.pos_conv_embed.layers.$1.conv.$2"),
          rule("encoder\\.layer_norm" + SIDE, "encoder.layer_norm.$1"),
          rule(
              "encoder\\.layers\\.(\\d+)\\.self_attn\\.grep_a",
              "encoder.layers.$1.attention.gru_rel_pos_const"));

  private static final List<Rule> HEADS =
      List.of(
          rule("quantizer\\.vars", "quantizer.codevectors"),
          rule("quantizer\\.weight_proj" + SIDE, "quantizer.weight_proj.$1"),
          rule("project_q" + SIDE, "project_q.$1"),
          rule("final_proj" + SIDE, "project_hid.$1"));

  private FairseqNames() {}

  private static Rule rule(String pattern, String replacement) {
    return new Rule(Pattern.compile(pattern), replacement);
  }

  /// The name of a tensor of the encoder.
  static Optional<String> encoder(String name) {
    Matcher layer = LAYER.matcher(name);
    if (layer.matches()) {
      return Optional.ofNullable(IN_LAYER.get(layer.group(2)))
          .map(in -> "encoder.layers." + layer.group(1) + "." + in + "." + layer.group(3));
    }
    return apply(RULES, name);
  }

  /// The name of a tensor of wav2vec 2.0's quantizer and projections.
  static Optional<String> head(String name) {
    return apply(HEADS, name);
  }

  private static Optional<String> apply(List<Rule> rules, String name) {
    for (Rule rule : rules) {
      Matcher matcher = rule.pattern().matcher(name);
      if (matcher.matches()) {
        return Optional.of(matcher.replaceFirst(rule.replacement()));
      }
    }
    return Optional.empty();
  }
}
