package org.duovox.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeRuntime;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;
import org.duovox.model.ModelConfig;
import org.duovox.model.UnitModel;
import org.duovox.model.match.Match;
import org.duovox.model.match.MatchReport;
import org.duovox.model.match.ModelMatch;
import org.duovox.train.data.EpochSource;
import org.duovox.train.data.HiddenTargets;
import org.duovox.train.data.Masking;
import org.duovox.train.data.TrainPlan;
import org.duovox.train.data.TrainPlan.HeldOut;
import org.duovox.train.log.TrainListener;
import org.duovox.train.memory.MemoryForecast.ActivationCost;
import org.duovox.train.run.RunFolder;
import org.duovox.train.run.RunSettings;
import org.duovox.train.run.RunSettings.CorpusIdentity;
import org.duovox.train.watch.UnitPredictors;
import org.duovox.units.CodebookUse;
import org.duovox.units.UnitStream;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.CorpusStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Pretrains a model on a corpus with masked context prediction and reconstruction, in a folder
/// that survives this process: begins, or resumes from the newest checkpoint that is whole, with
/// the same bits either way (docs/training.md).
///
/// Runs on the calling thread, except for the filling of batches. Interrupting that thread saves
/// the run and ends it between two steps.
public final class Pretrainer {
  private final PretrainConfig config;
  private final TrainHost host;

  public Pretrainer(PretrainConfig config, TrainHost host) {
    this.config = config;
    this.host = host;
  }

  /// Trains a model of this shape.
  ///
  /// @param corpus in any view
  /// @param run to begin or to resume; the caller closes it
  /// @throws DuovoxException with kind DIVERGED when too many steps are not finite, RETRY when
  ///   interrupted or when there is not enough memory
  public Training.Result run(ModelConfig shape, Corpus corpus, RunFolder run) {
    requireTrainable(shape, corpus);
    ModelConfig decided = shape.forObjectives(config.objectives());
    Optional<ModelMatch> match = match(decided, corpus);
    ModelConfig matched = match.map(ModelMatch::config).orElse(decided);
    Optional<MatchReport> report = match.map(ModelMatch::report);
    try (UnitModel model = UnitModel.create(matched, corpus, List.of(), host.device())) {
      return new Training(new Task(config, model, corpus, report), run, host).run();
    }
  }

  /// Sizes a baseline after the dual-channel model, where the settings want that.
  private Optional<ModelMatch> match(ModelConfig shape, Corpus corpus) {
    if (config.match() == Match.NONE || shape.dual()) {
      return Optional.empty();
    }
    return Optional.of(ModelMatch.of(shape, config.match(), corpus));
  }

  private void requireTrainable(ModelConfig shape, Corpus corpus) {
    if (corpus.size() == 0) {
      throw DuovoxException.badData("the corpus has no utterance to train on");
    }
    if (config.mcrWeight() > 0) {
      requireCodebook(shape.view(corpus).contextual());
    }
    config.targets(shape.view(corpus)); // Refuses a corpus without them.
    config.masking().requireFit(shape.view(corpus));
    if (config.threads() > 0) {
      NativeRuntime.setThreads(config.threads());
    }
  }

  private static void requireCodebook(CorpusStream contextual) {
    if (contextual.codebook().isEmpty()) {
      throw DuovoxException.config(
          "pretrain: masked context reconstruction predicts vectors of the codebook, but the"
              + " corpus's units were imported without one; set pretrain.mcr_weight to 0, or import"
              + " the units again with --codebook FILE and align again");
    }
    contextual.codebook().get().requireSpread();
  }

  /// Returns a warning for each stream whose units hardly distinguish anything.
  static List<String> unitWarnings(Corpus corpus) {
    List<String> warnings = new ArrayList<>();
    check("contextual", corpus.countUnits(UnitStream.CONTEXTUAL).use(), warnings);
    if (corpus.phonetic().isPresent()) {
      check("phonetic", corpus.countUnits(UnitStream.PHONETIC).use(), warnings);
    }
    return warnings;
  }

  private static void check(String stream, CodebookUse use, List<String> warnings) {
    if (use.hasCollapsedOverTokens()) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "the %s units hardly distinguish anything: perplexity %.1f of %d codes, %d in use,"
                  + " the commonest holds %.0f %%; a model learns little from them: look at the"
                  + " codebook, another layer, or trim silence",
              stream,
              use.perplexity(),
              use.codes(),
              use.used(),
              100 * use.mostFrequentShare()));
    }
  }

  /// `train.json` of a pretraining.
  ///
  /// @param task "pretrain"
  /// @param steps of the schedule
  /// @param libtorch its version
  /// @param threads of libtorch
  public record Settings(
      String task,
      PretrainConfig pretrain,
      ModelConfig model,
      long steps,
      int trainingUtterances,
      int validationUtterances,
      String libtorch,
      int threads,
      String configSha256,
      String corpusSha256)
      implements RunSettings {

    private static final List<String> LATER =
        List.of("crop_tokens", "span_ms", "span_ms_stddev", "inverse", "phonetic");

    private record Essence(PretrainConfig pretrain, ModelConfig model) {}

    @Override
    public String size() {
      return "%d and %d utterances".formatted(trainingUtterances, validationUtterances);
    }

    @Override
    public Object essence() {
      return essence(pretrain, model);
    }

    /// Settings that came later are left out at their defaults, so that runs of earlier versions
    /// have the same.
    private static Object essence(PretrainConfig pretrain, ModelConfig model) {
      JsonNode essence = Json.convert(new Essence(pretrain.essence(), model));
      JsonNode defaults = Json.convert(PretrainConfig.defaults());
      dropDefaults(essence.path("pretrain"), defaults, LATER);
      dropDefaults(essence.path("pretrain").path("masking"), defaults.path("masking"), LATER);
      return essence;
    }

    private static void dropDefaults(JsonNode settings, JsonNode defaults, List<String> keys) {
      for (String key : keys) {
        if (settings.has(key) && settings.path(key).equals(defaults.path(key))) {
          ((ObjectNode) settings).remove(key);
        }
      }
    }
  }

  /// Pretraining as a [Training] sees it: trains on one side of a corpus, validates on the other.
  private static final class Task implements TrainTask {
    private final PretrainConfig config;
    private final HeldOut utterances;
    private final Basis basis;
    private final Optional<MatchReport> match;

    /// @param corpus in any view
    /// @param match how the model was sized, where it was
    /// @throws DuovoxException (BAD_CONFIG) when a warm-up does not fit
    Task(PretrainConfig config, UnitModel model, Corpus corpus, Optional<MatchReport> match) {
      this.config = config;
      this.match = match;
      Corpus view = model.config().view(corpus);
      CorpusIdentity identity = CorpusIdentity.of(view);
      HeldOut split =
          HeldOut.split(identity.held(view), config.validationFraction(), config.seed());
      this.utterances = new HeldOut(identity.held(split.training()), split.validation());
      Corpus training = utterances.training();
      TrainPlan plan = new TrainPlan(model, training, config.order(), rows(model, training));
      this.basis =
          new Basis(
              "pretrain",
              model,
              plan,
              config.loop(),
              config.toNative(plan.steps()),
              settings(plan, model.config(), identity.sha256()),
              ActivationCost.of(model.config(), config.masking().mostTargets()));
    }

    private Settings settings(TrainPlan plan, ModelConfig model, String corpusSha256) {
      NativeRuntime.Info runtime = NativeRuntime.info();
      return new Settings(
          "pretrain",
          config,
          model,
          plan.steps(),
          utterances.training().size(),
          utterances.validation().size(),
          runtime.libtorch(),
          runtime.threads(),
          RunSettings.sha256(Settings.essence(config, model)),
          corpusSha256);
    }

    private TrainPlan.Rows rows(UnitModel model, Corpus corpus) {
      return new TrainPlan.Rows(window -> 0, () -> masks(model, corpus), config.targets(corpus));
    }

    private EpochSource.RowChange masks(UnitModel model, Corpus corpus) {
      Masking masking =
          new Masking(
              config.masking(), corpus, model.ids(), model.config().maxPositions(), config.seed());
      return masking.needsTimes()
          ? (slot, shape, row, epoch, window) ->
              masking.apply(slot, shape, row, epoch, window, corpus.utterance(window.utterance()))
          : (slot, shape, row, epoch, window) ->
              masking.apply(slot, shape, row, epoch, EpochSource.key(window));
    }

    @Override
    public Basis basis() {
      return basis;
    }

    @Override
    public Optional<Validation> validation() {
      Corpus held = utterances.validation();
      if (held.size() == 0) {
        return Optional.empty();
      }
      UnitModel model = basis.model();
      return Optional.of(
          new Validation(model, held, config.batchSize(), config.batchTokens(), rows(model, held)));
    }

    @Override
    public void describe(RunFolder run) {
      match.ifPresent(report -> report.write(run.folder()));
    }

    /// Tells how a baseline was sized, warns of units that hardly distinguish anything and of
    /// targets in plain sight, and measures predictors without a network on the held-out
    /// utterances.
    @Override
    public void beforeFirstStep(
        RunFolder run, Optional<Validation> validation, TrainListener listener) {
      match.map(MatchReport::text).ifPresent(listener::remark);
      unitWarnings(utterances.training()).forEach(listener::warning);
      reportHidden(run, listener);
      if (validation.isEmpty() || config.mcpWeight() == 0) {
        return;
      }
      UnitPredictors predictors = new UnitPredictors(utterances.training(), basis.model().ids());
      validation.get().eachBatch(predictors::see);
      UnitPredictors.Accuracies accuracies = predictors.accuracies();
      Path file = run.folder().resolve(UnitPredictors.Accuracies.FILE);
      AtomicFiles.write(file, Json.pretty(accuracies));
      listener.remark(accuracies.text());
    }

    private void reportHidden(RunFolder run, TrainListener listener) {
      UnitModel model = basis.model();
      HiddenTargets.measure(basis.plan(), model.ids(), model.config().maxPositions())
          .ifPresent(found -> {
            AtomicFiles.write(run.folder().resolve(HiddenTargets.Shares.FILE), Json.pretty(found));
            listener.remark(found.text());
            found.warning().ifPresent(listener::warning);
          });
    }
  }
}
