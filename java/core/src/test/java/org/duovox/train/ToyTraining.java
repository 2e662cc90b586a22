package org.duovox.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.duovox.config.Settings;
import org.duovox.model.ModelConfig;
import org.duovox.train.log.TrainListener;
import org.duovox.train.run.RunFolder;
import org.duovox.units.corpus.Corpus;

/// Settings of a training within a test, as `--set` would give them.
public final class ToyTraining {
  private ToyTraining() {}

  /// Trains in a new folder, alone on the machine.
  public static Training.Result train(
      PretrainConfig config,
      ModelConfig shape,
      Corpus corpus,
      Path folder,
      TrainListener listener) {
    try (RunFolder run = RunFolder.open(folder, false)) {
      return new Pretrainer(config, TrainHost.cpu(listener)).run(shape, corpus, run);
    }
  }

  /// Steps of 4 utterances, learning rate 3e-3, one thread, nothing held out; `settings` are laid
  /// over them: `steps=5`, `masking.keep=0`.
  public static PretrainConfig config(String... settings) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "batch_size=4",
                "learning_rate=3e-3",
                "validation_fraction=0",
                "report_every=5",
                "threads=1"));
    all.addAll(List.of(settings));
    return Settings.read(null, all.stream().map(s -> "pretrain." + s).toList(), List.of("pretrain"))
        .section("pretrain", PretrainConfig.class, PretrainConfig.defaults());
  }
}
