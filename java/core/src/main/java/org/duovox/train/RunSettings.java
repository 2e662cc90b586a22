package org.duovox.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.io.Hashes;
import org.duovox.io.Json;
import org.duovox.model.ModelConfig;

/// `train.json` of a pretraining: everything that was decided before the first step.
///
/// @param task "pretrain"
/// @param steps of the schedule
/// @param libtorch its version
/// @param threads of libtorch
/// @param configSha256 of the settings that decide results
/// @param corpusSha256 of the corpus, held-out utterances included
public record RunSettings(
    String task,
    PretrainConfig pretrain,
    ModelConfig model,
    long steps,
    int trainingUtterances,
    int validationUtterances,
    String libtorch,
    int threads,
    String configSha256,
    String corpusSha256) {

  private record Essence(PretrainConfig pretrain, ModelConfig model) {}

  static String configSha256(PretrainConfig pretrain, ModelConfig model) {
    return Hashes.sha256(Json.line(new Essence(pretrain.essence(), model)));
  }

  /// Refuses to go on with a run that was started otherwise.
  ///
  /// @throws DuovoxException (BAD_CONFIG) that names the settings, or the corpus, that differ
  void requireSame(Path file) {
    RunSettings there = Json.read(file, RunSettings.class);
    List<String> differences = new ArrayList<>();
    differences.addAll(Differences.between(Json.convert(essence()), Json.convert(there.essence())));
    if (!differences.isEmpty()) {
      throw DuovoxException.config(
          ("%s was started with other settings: %s; resume with the same, or start in another"
                  + " folder")
              .formatted(file.getParent(), Differences.text(differences)));
    }
    if (!corpusSha256.equals(there.corpusSha256())) {
      throw DuovoxException.badData(
          ("%s was started on another corpus: sum %s, %d and %d utterances; here %s, %d and %d;"
                  + " resume with the same, or start in another folder")
              .formatted(
                  file.getParent(),
                  there.corpusSha256(),
                  there.trainingUtterances(),
                  there.validationUtterances(),
                  corpusSha256,
                  trainingUtterances,
                  validationUtterances));
    }
  }

  private Essence essence() {
    return new Essence(pretrain.essence(), model);
  }
}
