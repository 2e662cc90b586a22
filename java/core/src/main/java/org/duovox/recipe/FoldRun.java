package org.duovox.recipe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.duovox.eval.Bootstrap;
import org.duovox.eval.Estimate;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.model.ModelConfig;
import org.duovox.model.ModelFiles;
import org.duovox.recipe.FoldRows.Scored;
import org.duovox.recipe.Quantization.Streams;
import org.duovox.recipe.Recipe.ModelSystem;
import org.duovox.recipe.Results.Row;
import org.duovox.recipe.StageCache.Stage;
import org.duovox.recipe.StageName.Type;
import org.duovox.slu.IntentClassifier;
import org.duovox.slu.Prediction;
import org.duovox.slu.SluConfig;
import org.duovox.train.Pretrainer;
import org.duovox.train.TrainHost;
import org.duovox.train.Training;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainListener;
import org.duovox.train.run.Checkpoints;
import org.duovox.train.run.RunFolder;
import org.duovox.units.corpus.Corpus;

/// Runs all stages of one fold: units, pretraining of every system, and its evaluations.
///
/// Nothing here is fitted on a test utterance: the codebooks, the pretraining and the classifiers
/// read the training part only.
final class FoldRun implements FoldPool.Work<FoldRun.Outcome> {
  private final Recipe recipe;
  private final Fold fold;
  private final Stage features;
  private final SemanticSet semantic;
  private final StageCache cache;
  private final TrainHost host;
  private final RunListener listener;

  /// The result of a fold: the scores of every classifier, and those of sSIMI.
  record Outcome(List<Scored> scored, List<Scored> semantic) {}

  /// @param semantic the word pairs to score, or null
  /// @param host of all the run's trainings
  FoldRun(
      Recipe recipe,
      Fold fold,
      Stage features,
      SemanticSet semantic,
      StageCache cache,
      TrainHost host,
      RunListener listener) {
    this.recipe = recipe;
    this.fold = fold;
    this.features = features;
    this.semantic = semantic;
    this.cache = cache;
    this.host = host;
    this.listener = listener;
  }

  @Override
  public String name() {
    return fold.name();
  }

  @Override
  public Outcome run() {
    Stage units = units();
    Corpus corpus = Corpus.open(new Streams(units.folder()).corpus());
    Stage words = semantic == null ? null : semantic.words(fold, units);
    List<Scored> scored = new ArrayList<>();
    List<Scored> similarities = new ArrayList<>();
    for (ModelSystem system : recipe.systems()) {
      Stage pretrained = pretrain(system, units, corpus);
      if (recipe.evaluations().finetune() != null) {
        scored.add(
            classify(Type.FINETUNE, recipe.evaluations().finetune(), system, pretrained, corpus));
      }
      if (recipe.evaluations().probe() != null) {
        scored.add(classify(Type.PROBE, recipe.evaluations().probe(), system, pretrained, corpus));
      }
      if (semantic != null) {
        similarities.addAll(semantic.score(fold, system, words, pretrained));
      }
    }
    return new Outcome(scored, similarities);
  }

  private Stage units() {
    Map<String, Object> settings =
        Map.of(
            "representations", recipe.representations(),
            "quantizers", recipe.quantizers(),
            "align", recipe.align(),
            "fold", fold);
    return cache.run(
        StageName.of(Type.UNITS, fold).toString(),
        settings,
        List.of(features),
        folder ->
            new Quantization(recipe, features.folder(), host.control(), listener)
                .fit(fold.training(), new Streams(folder)));
  }

  private Stage pretrain(ModelSystem system, Stage units, Corpus corpus) {
    String name = StageName.of(Type.PRETRAIN, fold, system).toString();
    Map<String, Object> settings =
        Map.of(
            "model",
            system.shape(recipe.model()),
            "pretrain",
            recipe.pretrain(),
            "threads",
            recipe.threads());
    return cache.resume(
        name,
        settings,
        List.of(units),
        folder ->
            pretrain(
                system,
                subset(corpus, fold.training()),
                folder,
                host.with(reporter(name, listener))));
  }

  /// Pretrains on the training utterances of a corpus, or resumes that.
  private void pretrain(ModelSystem system, Corpus training, Path target, TrainHost named) {
    ModelConfig shape = system.shape(recipe.model());
    train(
        target,
        named.listener(),
        run -> new Pretrainer(recipe.pretrain(), named).run(shape, training, run));
  }

  private Scored classify(
      Type how, SluConfig config, ModelSystem system, Stage pretrained, Corpus corpus) {
    String name = StageName.of(how, fold, system).toString();
    String label = recipe.data().label();
    Map<String, Object> settings =
        Map.of("slu", config, "label", label, "fold", fold, "threads", recipe.threads());
    Stage stage =
        cache.resume(
            name,
            settings,
            List.of(pretrained),
            folder -> {
              Path model = folder.resolve("model");
              TrainHost named = host.with(reporter(name, listener));
              train(
                  model,
                  named.listener(),
                  run ->
                      IntentClassifier.train(
                          pretrained.folder(),
                          subset(corpus, fold.training()),
                          label,
                          config,
                          run,
                          named));
              Corpus test = subset(corpus, fold.testing());
              List<Prediction> copies = IntentClassifier.evaluate(model, test, host.device());
              List<String> labels = ModelFiles.card(model).labels();
              new Predictions(
                      label, labels, Prediction.joinCopies(labels, copies, test.utterances()))
                  .write(folder);
            });
    return score(how, label, system, stage);
  }

  private Scored score(Type how, String label, ModelSystem system, Stage stage) {
    double[] hits = Predictions.read(stage.folder()).hits();
    String task = "%s (%s)".formatted(label, how.classifier());
    Estimate accuracy = Bootstrap.seeded(recipe.seed()).mean(hits);
    return new FoldRows.Hits(
        Row.of(task, recipe.name(), fold.name(), system.label(), "accuracy", accuracy), hits);
  }

  /// Trains in the folder of a stage. Resumes what an earlier process left there, unless no
  /// checkpoint of it is whole. Deletes the checkpoints of a finished training: nobody will resume
  /// it.
  private static void train(
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

  /// Returns a listener that passes a training's reports, remarks and warnings on under the name of
  /// its stage.
  private static TrainListener reporter(String stage, RunListener listener) {
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

  private static Corpus subset(Corpus corpus, Predicate<Map<String, String>> fields) {
    return corpus.filter(utterance -> fields.test(utterance.fields()));
  }
}
