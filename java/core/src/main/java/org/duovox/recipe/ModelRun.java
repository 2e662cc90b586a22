package org.duovox.recipe;

import java.nio.file.Path;
import java.util.Locale;
import org.duovox.internal.Device;
import org.duovox.model.EmbedConfig.Channel;
import org.duovox.model.ModelConfig;
import org.duovox.recipe.Recipe.ModelSystem;
import org.duovox.train.PretrainConfig;
import org.duovox.train.Pretrainer;
import org.duovox.train.TrainLine;
import org.duovox.train.TrainListener;
import org.duovox.units.Corpus;
import org.duovox.units.UnitStream;

/// Pretraining of one system of a recipe: the dual-channel model or a baseline of the same
/// settings.
final class ModelRun {
  private ModelRun() {}

  /// The name of a system in results and folders.
  static String name(ModelSystem system) {
    return system.name().toLowerCase(Locale.ROOT);
  }

  /// The recipe's model as this system has it.
  static ModelConfig shape(Recipe recipe, ModelSystem system) {
    return switch (system) {
      case DUAL -> recipe.model();
      case CONTEXTUAL -> recipe.model().singleOn(UnitStream.CONTEXTUAL);
      case PHONETIC -> recipe.model().singleOn(UnitStream.PHONETIC);
      case JOINT -> recipe.model().joint();
    };
  }

  /// The channel whose states stand for an utterance: what was asked for, or the only one there is.
  static Channel channel(ModelSystem system, Channel asked) {
    return system == ModelSystem.DUAL || system == ModelSystem.JOINT ? asked : Channel.CONTEXTUAL;
  }

  /// Pretrains on the training utterances of a corpus.
  static void pretrain(
      Recipe recipe,
      ModelSystem system,
      Corpus training,
      Path target,
      String stage,
      Device device,
      RunListener listener) {
    PretrainConfig config = recipe.pretrain();
    new Pretrainer(config, device, forward(stage, listener))
        .run(shape(recipe, system), training, target);
  }

  /// Passes a training's reports on under the name of its stage.
  static TrainListener forward(String stage, RunListener listener) {
    return new TrainListener() {
      @Override
      public void step(long done, long all) {
        listener.progress(stage, done, all, "steps");
      }

      @Override
      public void line(TrainLine line) {
        listener.line(stage, line);
      }
    };
  }
}
