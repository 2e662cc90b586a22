package org.duovox.convert.layout;

import java.util.Optional;
import java.util.stream.Stream;
import org.duovox.convert.checkpoint.CheckpointSettings;
import org.duovox.convert.pickle.Dict;
import org.duovox.convert.pickle.InertObject;

/// Settings of a checkpoint of fairseq: `cfg` (model and task apart), the older `args` (all in
/// one), the flat `cfg` of WavLM, or `model_cfg` and `task_cfg`, as s3prl saves them; of a
/// fine-tuned model, those of its encoder.
///
/// @param name the architecture, or ""
record FairseqSettings(CheckpointSettings model, CheckpointSettings task, String name) {
  static FairseqSettings of(Dict root) {
    CheckpointSettings cfg = new CheckpointSettings(root.get("cfg"));
    CheckpointSettings args = new CheckpointSettings(root.get("args"));
    CheckpointSettings top = cfg.isPresent() ? cfg : args;
    CheckpointSettings model =
        or(new CheckpointSettings(root.get("model_cfg")), or(top.under("model"), top));
    CheckpointSettings task =
        or(new CheckpointSettings(root.get("task_cfg")), or(top.under("task"), top));
    String name =
        Stream.of(model.text("_name"), top.text("arch"), model.text("arch"))
            .flatMap(Optional::stream)
            .findFirst()
            .orElse("");
    CheckpointSettings pretrained = model.under("w2v_args");
    CheckpointSettings encoder =
        pretrained.isPresent() ? or(pretrained.under("model"), pretrained) : model;
    return new FairseqSettings(encoder, task, name);
  }

  /// A setting may be an architecture's name, which is no container.
  private static CheckpointSettings or(CheckpointSettings first, CheckpointSettings second) {
    return first.root() instanceof Dict || first.root() instanceof InertObject ? first : second;
  }
}
