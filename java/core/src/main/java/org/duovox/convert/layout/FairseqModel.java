package org.duovox.convert.layout;

import java.util.Optional;
import org.duovox.convert.checkpoint.StateDict;
import org.duovox.convert.pickle.Malformed;

/// The families of speech models in fairseq's form.
enum FairseqModel {
  HUBERT("HuBERT", "hubert", "HubertModel"),
  WAV2VEC2("wav2vec 2.0", "wav2vec2", "Wav2Vec2Model"),
  DATA2VEC("data2vec-audio", "data2vec-audio", "Data2VecAudioModel"),
  WAVLM("WavLM", "wavlm", "WavLMModel");

  private final String title;
  private final String type;
  private final String architecture;

  FairseqModel(String title, String type, String architecture) {
    this.title = title;
    this.type = type;
    this.architecture = architecture;
  }

  /// Its name for people.
  String title() {
    return title;
  }

  /// `model_type` of Hugging Face.
  String type() {
    return type;
  }

  String architecture() {
    return architecture;
  }

  /// Whether a tensor serves training only.
  boolean drops(String name) {
    return name.equals("label_embs_concat")
        || name.startsWith("final_proj.")
        || name.startsWith("project_q.")
        || name.startsWith("target_glu.")
        || name.startsWith("_ema.");
  }

  /// The family that tensors and settings tell.
  static FairseqModel of(StateDict state, FairseqSettings settings) {
    if (state.hasPrefix("encoder.layers.0.self_attn.grep_")) {
      return WAVLM;
    }
    if (state.has("encoder.pos_conv.0.0.weight")) {
      return DATA2VEC;
    }
    return named(settings.name())
        .or(() -> told(state))
        .orElseThrow(() ->
            new Malformed(
                "neither the settings nor the tensors tell HuBERT from wav2vec 2.0: there is no"
                    + " cfg.model._name and no args.arch"));
  }

  private static Optional<FairseqModel> named(String name) {
    if (name.startsWith("hubert")) {
      return Optional.of(HUBERT);
    }
    return name.startsWith("wav2vec") ? Optional.of(WAV2VEC2) : Optional.empty();
  }

  private static Optional<FairseqModel> told(StateDict state) {
    if (state.has("project_q.weight") || state.hasPrefix("quantizer.")) {
      return Optional.of(WAV2VEC2);
    }
    return state.has("label_embs_concat") || state.has("final_proj.weight")
        ? Optional.of(HUBERT)
        : Optional.empty();
  }
}
