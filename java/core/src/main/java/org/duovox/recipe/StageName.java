package org.duovox.recipe;

import java.util.Arrays;
import java.util.Optional;
import org.duovox.recipe.Recipe.ModelSystem;

/// The name of a stage of a recipe and of its folder: what it does, for which fold and which model.
///
/// The one place where these names are printed and read.
///
/// @param type what it does
/// @param fold folder name of the fold ([Fold#slug]); null where one stage serves all folds
/// @param system the model; null where one stage serves all models
public record StageName(Type type, String fold, ModelSystem system) {
  /// What one stage serves.
  private enum Scope {
    RUN,
    FOLD,
    MODEL
  }

  /// What a stage does, and what its name begins with.
  public enum Type {
    /// Features of the audio, for all folds.
    FEATURES("features", Scope.RUN),
    /// Features of the word pairs' audio, for all folds.
    WORD_FEATURES("features-words", Scope.RUN),
    /// Codebooks, units and corpus of a fold.
    UNITS("units", Scope.FOLD),
    /// Codebook and contextual units of a fold, where recipes share their stages.
    CONTEXTUAL_CODES("codes-contextual", Scope.FOLD),
    /// Codebook and phonetic units of a fold, where recipes share their stages.
    PHONETIC_CODES("codes-phonetic", Scope.FOLD),
    /// The word pairs in the units of a fold.
    WORDS("words", Scope.FOLD),
    /// Pretraining of a model.
    PRETRAIN("pretrain", Scope.MODEL),
    /// A classifier, the whole model trained.
    FINETUNE("finetune", Scope.MODEL),
    /// A linear classifier on the frozen model.
    PROBE("probe", Scope.MODEL),
    /// sSIMI of a model.
    SSIMI("ssimi", Scope.MODEL),
    /// Features of the dev words' audio, for all folds.
    DEV_FEATURES("features-dev", Scope.RUN),
    /// Features of the test words' audio, for all folds.
    TEST_FEATURES("features-test", Scope.RUN),
    /// The dev words in the units of a fold.
    DEV_UNITS("devunits", Scope.FOLD),
    /// The test words in the units of a fold.
    TEST_UNITS("testunits", Scope.FOLD),
    /// Dev scores of a model's layers and channels.
    DEV_SCORES("devscores", Scope.MODEL),
    /// Scores of a model's words by the setting that dev chose.
    WORD_SCORES("wordscores", Scope.MODEL);

    private final String prefix;
    private final Scope scope;

    Type(String prefix, Scope scope) {
      this.prefix = prefix;
      this.scope = scope;
    }

    /// Returns what results and reports call a classifier.
    public String classifier() {
      return switch (this) {
        case FINETUNE -> "fine-tuned";
        case PROBE -> "linear probe";
        default -> throw new IllegalStateException(prefix + " is no classifier");
      };
    }
  }

  /// Returns the name of a stage that serves all folds.
  static StageName of(Type type) {
    return new StageName(type, null, null);
  }

  /// Returns the name of a stage of a fold.
  static StageName of(Type type, Fold fold) {
    return new StageName(type, fold.slug(), null);
  }

  /// Returns the name of a stage of a model on a fold.
  static StageName of(Type type, Fold fold, ModelSystem system) {
    return new StageName(type, fold.slug(), system);
  }

  /// Returns whether it is one model's, not what models share.
  public boolean isOfModel() {
    return type.scope == Scope.MODEL;
  }

  /// Returns whether all folds share it.
  public boolean isForAllFolds() {
    return type.scope == Scope.RUN;
  }

  /// Parses the name of a folder; empty when no stage of a recipe has it.
  public static Optional<StageName> parse(String folder) {
    return Arrays.stream(Type.values()).flatMap(type -> parse(folder, type).stream()).findFirst();
  }

  private static Optional<StageName> parse(String folder, Type type) {
    if (type.scope == Scope.RUN) {
      return folder.equals(type.prefix) ? Optional.of(of(type)) : Optional.empty();
    }
    String start = type.prefix + "-";
    if (!folder.startsWith(start)) {
      return Optional.empty();
    }
    String rest = folder.substring(start.length());
    return type.scope == Scope.FOLD
        ? Optional.of(new StageName(type, rest, null))
        : Arrays.stream(ModelSystem.values())
            .filter(system -> rest.endsWith("-" + system.label()))
            .map(system -> new StageName(type, fold(rest, system), system))
            .findFirst();
  }

  private static String fold(String rest, ModelSystem system) {
    return rest.substring(0, rest.length() - system.label().length() - 1);
  }

  /// Returns the name of the folder, such as `pretrain-speaker_theo-dual`.
  @Override
  public String toString() {
    return type.prefix
        + (fold == null ? "" : "-" + fold)
        + (system == null ? "" : "-" + system.label());
  }
}
