package org.duovox.recipe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.duovox.eval.Bootstrap;
import org.duovox.eval.Estimate;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.model.ModelConfig;
import org.duovox.model.ModelFiles;
import org.duovox.model.UnitModel;
import org.duovox.recipe.FoldRows.Scored;
import org.duovox.recipe.Quantization.Streams;
import org.duovox.recipe.Recipe.ModelSystem;
import org.duovox.recipe.Results.Row;
import org.duovox.recipe.StageCache.Stage;
import org.duovox.recipe.StageName.Type;
import org.duovox.recipe.WordMeaning.DevScores;
import org.duovox.recipe.WordsConfig.Setting;
import org.duovox.slu.IntentClassifier;
import org.duovox.slu.Prediction;
import org.duovox.slu.SluConfig;
import org.duovox.train.PretrainConfig;
import org.duovox.train.Pretrainer;
import org.duovox.train.TrainHost;
import org.duovox.train.Training;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainListener;
import org.duovox.train.run.Checkpoints;
import org.duovox.train.run.RunFolder;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.WordCorpus;

/// Runs all stages of one fold: units, pretraining of every system, and its evaluations.
///
/// Nothing here is fitted on a test utterance: the codebooks, the pretraining and the classifiers
/// read the training part only.
final class FoldRun implements FoldPool.Work<FoldRun.Outcome> {
  private final Recipe recipe;
  private final Fold fold;
  private final Stage features;
  private final SemanticSet semantic;
  private final WordMeaning meaning;
  private final StageCache cache;
  private final TrainHost host;
  private final RunListener listener;

  /// The result of a fold: the scores of every classifier, those of sSIMI, and what the words of
  /// dev tell of every system.
  ///
  /// @param models the stage of each model; none of `raw`
  record Outcome(
      FoldRun fold,
      Stage units,
      Map<ModelSystem, Stage> models,
      List<Scored> scored,
      List<Scored> semantic,
      Map<ModelSystem, DevScores> dev) {

    /// Scores a system's words by one setting, and returns the stage.
    Stage words(ModelSystem system, Setting setting) {
      return fold.meaning.score(fold.fold, system, units, models.get(system), setting);
    }
  }

  /// @param semantic the word pairs to score, or null
  /// @param meaning the words of dev and test to score, or null
  /// @param host of all the run's trainings
  FoldRun(
      Recipe recipe,
      Fold fold,
      Stage features,
      SemanticSet semantic,
      WordMeaning meaning,
      StageCache cache,
      TrainHost host,
      RunListener listener) {
    this.recipe = recipe;
    this.fold = fold;
    this.features = features;
    this.semantic = semantic;
    this.meaning = meaning;
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
    Stage units =
        new Quantization(recipe, features.folder(), host.control(), listener)
            .stage(cache, fold, features);
    Corpus corpus = Corpus.open(new Streams(units.folder()).corpus());
    Stage words = semantic == null ? null : semantic.words(fold, units);
    List<Scored> scored = new ArrayList<>();
    List<Scored> similarities = new ArrayList<>();
    Map<ModelSystem, Stage> models = new EnumMap<>(ModelSystem.class);
    Map<ModelSystem, DevScores> dev = new EnumMap<>(ModelSystem.class);
    for (ModelSystem system : recipe.systems()) {
      Stage pretrained = model(system, units, corpus);
      models.put(system, pretrained);
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
      if (meaning != null) {
        dev.put(system, meaning.tryAll(fold, system, units, pretrained));
      }
    }
    return new Outcome(this, units, models, scored, similarities, dev);
  }

  /// Returns the stage with the model of a system; null for `raw`, which has none.
  private Stage model(ModelSystem system, Stage units, Corpus corpus) {
    return switch (system) {
      case RAW -> null;
      case RANDOM -> untrained(system, units, corpus);
      case WORDS -> trueWords(system, units, corpus);
      case DUAL, CONTEXTUAL, PHONETIC, JOINT -> pretrain(system, units, corpus);
    };
  }

  private Stage untrained(ModelSystem system, Stage units, Corpus corpus) {
    ModelConfig shape = recipe.pretrain().headsOf(system.shape(recipe.model()));
    return cache.run(
        StageName.of(Type.PRETRAIN, fold, system).toString(),
        Map.of("model", shape),
        List.of(units),
        folder -> {
          AtomicFiles.discard(folder); // Half of one, where a process was killed.
          try (UnitModel model = UnitModel.create(shape, corpus, List.of(), host.device())) {
            model.save(folder);
          }
        });
  }

  /// Trains the ceiling: a model of the true words, which are predicted one by one.
  private Stage trueWords(ModelSystem system, Stage units, Corpus corpus) {
    String name = StageName.of(Type.PRETRAIN, fold, system).toString();
    PretrainConfig config = recipe.pretrain().ofWords();
    Map<String, Object> settings = new TreeMap<>();
    settings.put("model", system.shape(recipe.model()));
    settings.put("pretrain", config);
    settings.put("threads", recipe.threads());
    settings.put("pretrain_share", recipe.data().pretrainShare());
    settings.put("pretrain_where", recipe.data().pretrainWhere());
    return cache.resume(
        name,
        settings,
        List.of(units),
        folder -> {
          Corpus training = recipe.data().pretraining(subset(corpus, fold.training()));
          Map<String, String> texts = WordCorpus.texts(training);
          WordCorpus words = WordCorpus.of(texts.values());
          TrainHost named = host.with(reporter(name, listener));
          train(
              folder,
              named.listener(),
              run ->
                  new Pretrainer(config, named)
                      .run(system.shape(recipe.model()), words.corpus(texts), run));
          words.write(folder);
        });
  }

  private Stage pretrain(ModelSystem system, Stage units, Corpus corpus) {
    String name = StageName.of(Type.PRETRAIN, fold, system).toString();
    Map<String, Object> settings = new TreeMap<>();
    settings.put("model", system.shape(recipe.model()));
    settings.put("pretrain", recipe.pretrain());
    settings.put("threads", recipe.threads());
    if (!recipe.data().pretrainWhere().isEmpty()) {
      settings.put("pretrain_where", recipe.data().pretrainWhere());
    }
    if (recipe.data().pretrainShare() < 1) {
      settings.put("pretrain_share", recipe.data().pretrainShare());
    }
    return cache.resume(
        name,
        settings,
        List.of(units),
        folder ->
            pretrain(
                system,
                recipe.data().pretraining(subset(corpus, fold.training())),
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
