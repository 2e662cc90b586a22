package org.duovox.train;

import java.util.List;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeRuntime;
import org.duovox.model.ModelConfig;
import org.duovox.model.UnitModel;
import org.duovox.model.match.Match;
import org.duovox.model.match.MatchReport;
import org.duovox.model.match.ModelMatch;
import org.duovox.train.run.RunFolder;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.CorpusStream;

/// Pretrains a model on a corpus with masked context prediction and reconstruction, in a folder
/// that survives this process: starts, or goes on from the newest checkpoint that is whole, to the
/// same bits either way (docs/training.md).
///
/// Everything happens on the calling thread but the filling of batches. Interrupting the thread
/// saves the run and ends it between two steps.
public final class Pretrainer {
  private final PretrainConfig config;
  private final TrainHost host;

  public Pretrainer(PretrainConfig config, TrainHost host) {
    this.config = config;
    this.host = host;
  }

  /// Trains a model of this shape.
  ///
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
      return new Training(new PretrainTask(config, model, corpus, report), run, host).run();
    }
  }

  /// The baseline sized after the dual-channel model, where that is wanted.
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
    if (config.threads() > 0) {
      NativeRuntime.setThreads(config.threads());
    }
  }

  private static void requireCodebook(CorpusStream contextual) {
    if (contextual.codebook().isEmpty()) {
      throw DuovoxException.config(
          "pretrain: masked context reconstruction predicts vectors of the codebook, but the"
              + " corpus's units were imported without one; set pretrain.mcr_weight to 0, or import the units"
              + " again with --codebook FILE and align again");
    }
    contextual.codebook().get().requireSpread();
  }
}
