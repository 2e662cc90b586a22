package org.duovox.recipe;

import java.util.Arrays;
import java.util.Optional;
import org.duovox.recipe.Recipe.ModelSystem;

/// The name of a stage of a recipe, which is that of its folder: what it does, for which fold and
/// which system.
///
/// @param work what it does
/// @param fold folder name of the fold ([Fold#slug]); null where the work is for all folds
/// @param system the model; null where the work is for all of them
public record StageName(Work work, String fold, ModelSystem system) {
  private enum Scope {
    RUN,
    FOLD,
    MODEL
  }

  /// What a stage does, and what its name begins with.
  public enum Work {
    /// Features of the audio, for all folds.
    FEATURES("features", Scope.RUN),
    /// Features of the word pairs' audio, for all folds.
    WORD_FEATURES("features-words", Scope.RUN),
    /// Codebooks, units and corpus of a fold.
    UNITS("units", Scope.FOLD),
    /// The word pairs in the units of a fold.
    WORDS("words", Scope.FOLD),
    /// Pretraining of a model.
    PRETRAIN("pretrain", Scope.MODEL),
    /// A classifier, the whole model trained.
    FINETUNE("finetune", Scope.MODEL),
    /// A linear classifier on the frozen model.
    PROBE("probe", Scope.MODEL),
    /// sSIMI of a model.
    SSIMI("ssimi", Scope.MODEL);

    private final String prefix;
    private final Scope scope;

    Work(String prefix, Scope scope) {
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

  /// Names the stage of a work that is done once, for all folds.
  static StageName of(Work work) {
    return new StageName(work, null, null);
  }

  /// Names the stage of a work on a fold.
  static StageName of(Work work, Fold fold) {
    return new StageName(work, fold.slug(), null);
  }

  /// Names the stage of a work on a model of a fold.
  static StageName of(Work work, Fold fold, ModelSystem system) {
    return new StageName(work, fold.slug(), system);
  }

  /// Reads the name of a folder; empty for one that no stage of a recipe has.
  public static Optional<StageName> parse(String folder) {
    return Arrays.stream(Work.values())
        .flatMap(work -> parse(folder, work).stream())
        .findFirst();
  }

  private static Optional<StageName> parse(String folder, Work work) {
    if (work.scope == Scope.RUN) {
      return folder.equals(work.prefix) ? Optional.of(of(work)) : Optional.empty();
    }
    String start = work.prefix + "-";
    if (!folder.startsWith(start)) {
      return Optional.empty();
    }
    String rest = folder.substring(start.length());
    return work.scope == Scope.FOLD
        ? Optional.of(new StageName(work, rest, null))
        : Arrays.stream(ModelSystem.values())
            .filter(system -> rest.endsWith("-" + system.label()))
            .map(system -> new StageName(work, fold(rest, system), system))
            .findFirst();
  }

  private static String fold(String rest, ModelSystem system) {
    return rest.substring(0, rest.length() - system.label().length() - 1);
  }

  /// Returns the name of the folder, such as `pretrain-speaker_theo-dual`.
  @Override
  public String toString() {
    return work.prefix
        + (fold == null ? "" : "-" + fold)
        + (system == null ? "" : "-" + system.label());
  }
}
