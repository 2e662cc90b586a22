package org.duovox.recipe;

import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Function;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.model.ModelConfig;
import org.duovox.model.embed.EmbedConfig.Channel;
import org.duovox.recipe.Recipe.ModelSystem;
import org.duovox.train.Pretrainer;
import org.duovox.train.TrainHost;
import org.duovox.train.Training;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainListener;
import org.duovox.train.run.Checkpoints;
import org.duovox.train.run.RunFolder;
import org.duovox.units.UnitStream;
import org.duovox.units.corpus.Corpus;

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

  /// Pretrains on the training utterances of a corpus, or goes on with that.
  static void pretrain(
      Recipe recipe, ModelSystem system, Corpus training, Path target, TrainHost host) {
    train(
        target,
        host.listener(),
        run -> new Pretrainer(recipe.pretrain(), host).run(shape(recipe, system), training, run));
  }

  /// Trains in the folder of a stage; what an earlier process left there is gone on with, unless no
  /// checkpoint of it is whole. The checkpoints of a finished training go: nobody will resume it.
  static void train(
      Path target, TrainListener listener, Function<RunFolder, Training.Result> training) {
    try {
      train(target, training);
    } catch (Checkpoints.NoneWhole e) {
      listener.warning(e.getMessage() + "; the training begins anew");
      AtomicFiles.discard(target);
      train(target, training);
    }
  }

  private static void train(Path target, Function<RunFolder, Training.Result> training) {
    try (RunFolder run = RunFolder.open(target, true)) {
      Training.Result result = training.apply(run);
      if (!result.finished()) {
        throw new RunStopped("after step " + result.steps());
      }
      run.discardCheckpoints();
    }
  }

  /// Passes a training's reports, remarks and warnings on under the name of its stage.
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

      @Override
      public void remark(String text) {
        listener.remark(stage, text);
      }

      @Override
      public void warning(String text) {
        listener.warning(stage, text);
      }
    };
  }
}
