package org.duovox.recipe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.duovox.eval.Bootstrap;
import org.duovox.eval.Estimate;
import org.duovox.model.ModelFiles;
import org.duovox.recipe.FoldRows.Scored;
import org.duovox.recipe.Recipe.ModelSystem;
import org.duovox.recipe.Results.Row;
import org.duovox.recipe.StageCache.Stage;
import org.duovox.slu.IntentClassifier;
import org.duovox.slu.Prediction;
import org.duovox.slu.SluConfig;
import org.duovox.train.TrainHost;
import org.duovox.units.corpus.Corpus;

/// All stages of one fold: units, pretraining of every system, and its evaluations.
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

  /// What a fold came to: the scores of every classifier, and those of sSIMI.
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
            classify("finetune", recipe.evaluations().finetune(), system, pretrained, corpus));
      }
      if (recipe.evaluations().probe() != null) {
        scored.add(classify("probe", recipe.evaluations().probe(), system, pretrained, corpus));
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
        "units-" + fold.slug(),
        settings,
        List.of(features),
        folder ->
            new Quantization(
                    recipe, new FeatureFolders(features.folder()), host.control(), listener)
                .fit(fold.training(), new Streams(folder)));
  }

  private Stage pretrain(ModelSystem system, Stage units, Corpus corpus) {
    String name = "pretrain-%s-%s".formatted(fold.slug(), ModelRun.name(system));
    Map<String, Object> settings =
        Map.of(
            "model",
            ModelRun.shape(recipe, system),
            "pretrain",
            recipe.pretrain(),
            "threads",
            recipe.threads());
    return cache.resume(
        name,
        settings,
        List.of(units),
        folder ->
            ModelRun.pretrain(
                recipe,
                system,
                part(corpus, fold.training()),
                folder,
                host.with(ModelRun.forward(name, listener))));
  }

  private Scored classify(
      String how, SluConfig config, ModelSystem system, Stage pretrained, Corpus corpus) {
    String name = "%s-%s-%s".formatted(how, fold.slug(), ModelRun.name(system));
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
              TrainHost named = host.with(ModelRun.forward(name, listener));
              ModelRun.train(
                  model,
                  named.listener(),
                  run ->
                      IntentClassifier.train(
                          pretrained.folder(),
                          part(corpus, fold.training()),
                          label,
                          config,
                          run,
                          named));
              Corpus test = part(corpus, fold.testing());
              List<Prediction> copies = IntentClassifier.evaluate(model, test, host.device());
              List<String> labels = ModelFiles.card(model).labels();
              new Predictions(
                      label, labels, Prediction.joinCopies(labels, copies, test.utterances()))
                  .write(folder);
            });
    return score(how, label, system, stage);
  }

  private Scored score(String how, String label, ModelSystem system, Stage stage) {
    double[] hits = Predictions.read(stage.folder()).hits();
    String task = "%s (%s)".formatted(label, how.equals("probe") ? "linear probe" : "fine-tuned");
    Estimate accuracy = Bootstrap.seeded(recipe.seed()).mean(hits);
    return new FoldRows.Hits(
        Row.of(task, recipe.name(), fold.name(), ModelRun.name(system), "accuracy", accuracy),
        hits);
  }

  private static Corpus part(Corpus corpus, Predicate<Map<String, String>> which) {
    return corpus.filter(utterance -> which.test(utterance.fields()));
  }
}
