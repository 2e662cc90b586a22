package org.duovox.convert.layout;

import java.util.Optional;
import java.util.stream.Stream;
import org.duovox.convert.checkpoint.Settings;
import org.duovox.convert.pickle.Dict;
import org.duovox.convert.pickle.InertObject;

/// Settings of a checkpoint of fairseq: `cfg` (model and task apart), the older `args` (all in
/// one), the flat `cfg` of WavLM, or `model_cfg` and `task_cfg`, as s3prl saves them; of a
/// fine-tuned model, those of its encoder.
///
/// @param name the architecture, or ""
record FairseqSettings(Settings model, Settings task, String name) {
  static FairseqSettings of(Dict root) {
    Settings cfg = new Settings(root.get("cfg"));
    Settings args = new Settings(root.get("args"));
    Settings top = cfg.isPresent() ? cfg : args;
    Settings model = or(new Settings(root.get("model_cfg")), or(top.under("model"), top));
    Settings task = or(new Settings(root.get("task_cfg")), or(top.under("task"), top));
    String name =
        Stream.of(model.text("_name"), top.text("arch"), model.text("arch"))
            .flatMap(Optional::stream)
            .findFirst()
            .orElse("");
    Settings pretrained = model.under("w2v_args");
    Settings encoder = pretrained.isPresent() ? or(pretrained.under("model"), pretrained) : model;
    return new FairseqSettings(encoder, task, name);
  }

  /// A setting may be an architecture's name, which is no container.
  private static Settings or(Settings first, Settings second) {
    return first.root() instanceof Dict || first.root() instanceof InertObject ? first : second;
  }
}
