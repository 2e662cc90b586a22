package org.duovox.convert.layout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.duovox.convert.checkpoint.CheckpointFile;
import org.duovox.convert.checkpoint.StateDict;
import org.duovox.convert.pickle.Dict;
import org.duovox.convert.pickle.Malformed;
import org.duovox.io.json.Json;

/// Checkpoints of fairseq: HuBERT, wav2vec 2.0 and data2vec-audio, pre-trained or fine-tuned, and
/// those of WavLM, which share the form; they become models of Hugging Face transformers.
public final class FairseqLayout implements Layout {
  private static final String FIRST = "feature_extractor.conv_layers.0.0.weight";
  private static final List<String> READ =
      List.of("model", "cfg", "args", "model_weight", "model_cfg", "task_cfg");
  private static final List<String> WRAPPED =
      List.of("w2v_encoder.w2v_model.", "encoder.w2v_model.", "w2v_model.");

  @Override
  public Optional<Converted> read(CheckpointFile checkpoint) {
    if (!(checkpoint.root() instanceof Dict root)) {
      return Optional.empty();
    }
    List<String> dropped = new ArrayList<>();
    return StateDict.of(weights(root).map(root::get).orElse(root))
        .map(StateDict::withoutModule)
        .map(state -> unwrap(state, dropped))
        .filter(state -> state.has(FIRST))
        .map(state -> convert(root, state, dropped));
  }

  /// The key of the weights: `model` of fairseq and WavLM, `model_weight` of s3prl.
  private static Optional<String> weights(Dict root) {
    return Stream.of("model", "model_weight").filter(root::has).findFirst();
  }

  /// The encoder inside of a fine-tuned model; the names of its head go to `dropped`.
  private static StateDict unwrap(StateDict state, List<String> dropped) {
    for (String prefix : WRAPPED) {
      if (state.has(prefix + FIRST)) {
        return state
            .keep(name -> name.startsWith(prefix), dropped)
            .rename(name -> name.substring(prefix.length()));
      }
    }
    return state;
  }

  private static Converted convert(Dict root, StateDict state, List<String> dropped) {
    if (weights(root).isPresent()) {
      root.entries().keySet().stream()
          .map(String::valueOf)
          .filter(key -> !READ.contains(key))
          .forEach(dropped::add);
    }
    FairseqSettings settings = FairseqSettings.of(root);
    FairseqModel model = FairseqModel.of(state, settings);
    StateDict renamed = rename(state, model, dropped);
    List<String> notes = new ArrayList<>();
    FairseqConfig config = new FairseqConfig(model, state, settings, notes);
    Map<String, String> texts = new HashMap<>();
    texts.put(Converted.CONFIG, Json.pretty(config.model()));
    texts.put(Converted.PREPROCESSOR, Json.pretty(config.preprocessor()));
    return new Converted(
        model.title() + (root.has("model_weight") ? ", s3prl's form" : ", fairseq's form"),
        renamed,
        Optional.empty(),
        texts,
        dropped,
        notes);
  }

  private static StateDict rename(StateDict state, FairseqModel model, List<String> dropped) {
    boolean quantized = model == FairseqModel.WAV2VEC2 && state.has("quantizer.vars");
    StateDict renamed = new StateDict();
    List<String> unknown = new ArrayList<>();
    state
        .tensors()
        .forEach((name, tensor) -> {
          Optional<String> known = name(name, quantized);
          if (known.isPresent()) {
            renamed.put(known.get(), tensor);
          } else {
            (model.drops(name) ? dropped : unknown).add(name);
          }
        });
    dropped.addAll(state.others());
    if (!unknown.isEmpty()) {
      throw new Malformed(
          "%s with %d tensors that have no place in Hugging Face's %s: %s"
              .formatted(
                  model.title(),
                  unknown.size(),
                  model.type(),
                  String.join(", ", unknown.subList(0, Math.min(unknown.size(), 5)))));
    }
    return renamed;
  }

  /// With a quantizer it is a Wav2Vec2ForPreTraining, which has the encoder under a name.
  private static Optional<String> name(String name, boolean quantized) {
    return quantized
        ? FairseqNames.encoder(name).map(n -> "wav2vec2." + n).or(() -> FairseqNames.head(name))
        : FairseqNames.encoder(name);
  }
}
