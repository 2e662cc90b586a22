package org.duovox.speech.published;

import java.util.List;
import java.util.regex.Pattern;

/// Spellings of tensor names in published checkpoints: prefixes of the class that saved them, two
/// forms of weight norm, and tensors that belong to training or to a task and not to the encoder.
final class TensorNames {
  private static final List<String> PREFIXES =
      List.of("module.", "hubert.", "wav2vec2.", "data2vec_audio.", "wavlm.");

  // masked_spec_embed: replaces masked frames in training. project_*, final_proj: the pretraining
  // losses. The heads: fine-tuned models. batchnorm1: unused by ResDAVEnet-VQ itself. _ema_*: its
  // codebook training. cpcCriterion, wPrediction: CPC's loss.
  private static final Pattern NOT_OF_THE_ENCODER =
      Pattern.compile(
          "masked_spec_embed|(project_hid|project_q|final_proj|lm_head|classifier|projector|quantizer"
              + "|batchnorm1|cpcCriterion|wPrediction)\\..*|layer_weights|label_embs_concat"
              + "|.*\\.num_batches_tracked|num_batches_tracked|quant\\d+\\._ema_\\w+");

  private TensorNames() {}

  /// The one spelling that this program works with.
  static String settled(String name) {
    String text = name;
    for (String prefix : PREFIXES) {
      text = text.startsWith(prefix) ? text.substring(prefix.length()) : text;
    }
    return text.replace(".parametrizations.weight.original0", ".weight_g")
        .replace(".parametrizations.weight.original1", ".weight_v");
  }

  /// Whether an encoder can do without this tensor.
  static boolean isDispensable(String settled) {
    return NOT_OF_THE_ENCODER.matcher(settled).matches();
  }
}
