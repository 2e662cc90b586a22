package org.duovox.recipe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.duovox.DuovoxException;
import org.duovox.audio.manifest.Utterance;
import org.duovox.recipe.Recipe.SplitConfig;

/// A fold: a division of the utterances into those that train everything and those that test.
///
/// @param name e.g. `speaker=theo`, or `test` for the one split of a corpus
/// @param field the field that divides
/// @param train values of the field that train; null: every value but `test`
/// @param test the value that tests; null: none, and every utterance trains
record Fold(String name, String field, String train, String test) {
  // Of the 255 that a folder may have; the rest is for the stage, the system and a hash.
  private static final int LONGEST_NAME = 180;

  private static final int LISTED = 5;

  /// The fold in which every utterance trains.
  static final Fold ALL = new Fold("all", "", null, null);

  /// Returns a test of an utterance's fields: whether it trains.
  Predicate<Map<String, String>> training() {
    return fields -> {
      if (test == null) {
        return true;
      }
      String value = fields.get(field);
      return train == null ? value != null && !value.equals(test) : train.equals(value);
    };
  }

  /// Returns a test of an utterance's fields: whether it tests.
  Predicate<Map<String, String>> testing() {
    return fields -> test != null && test.equals(fields.get(field));
  }

  /// Returns the name for folders.
  String slug() {
    return name.replaceAll("[^A-Za-z0-9._-]", "_");
  }

  /// Returns the folds of a split: one per value of `hold_out`, else one.
  static List<Fold> of(SplitConfig split, List<Utterance> utterances) {
    if (split.holdOut() == null && split.test() == null) {
      return List.of(ALL);
    }
    if (split.holdOut() == null) {
      requireBoth(split, utterances);
      if (split.test().equals(Results.MEAN)) {
        throw DuovoxException.config(
            "data.split.test: '%s' names the mean over folds in results.json; name it otherwise"
                .formatted(Results.MEAN));
      }
      Fold only = new Fold(split.test(), split.field(), split.train(), split.test());
      requireShort(only);
      return List.of(only);
    }
    TreeSet<String> values = new TreeSet<>();
    for (Utterance utterance : utterances) {
      values.add(field(utterance, split.holdOut()));
    }
    if (values.size() < 2) {
      throw DuovoxException.config(
          "data.split.hold_out: the field '%s' has only the value %s; at least two are needed"
              .formatted(split.holdOut(), values));
    }
    List<Fold> folds = new ArrayList<>();
    values.forEach(
        value -> folds.add(new Fold(split.holdOut() + "=" + value, split.holdOut(), null, value)));
    folds.forEach(Fold::requireShort);
    requireDistinct(folds);
    return List.copyOf(folds);
  }

  /// Refuses a fold whose name is too long for the folders of its stages.
  private static void requireShort(Fold fold) {
    if (fold.slug().length() > LONGEST_NAME) {
      throw DuovoxException.badData(
          "data.split: the value '%s' of the field '%s' names a folder, for which it is too long (%d of %d characters); shorten it"
              .formatted(fold.test(), fold.field(), fold.slug().length(), LONGEST_NAME));
    }
  }

  /// Refuses two folds of one folder: they would overwrite or reuse each other's stages.
  private static void requireDistinct(List<Fold> folds) {
    Map<String, Fold> bySlug = new HashMap<>();
    for (Fold fold : folds) {
      Fold other = bySlug.putIfAbsent(fold.slug(), fold);
      if (other != null) {
        throw DuovoxException.badData(
            "data.split.hold_out: the values '%s' and '%s' of the field '%s' have one folder name, %s; spell one of them otherwise, in letters of ASCII, digits, '.', '_' and '-'"
                .formatted(other.test(), fold.test(), fold.field(), fold.slug()));
      }
    }
  }

  private static void requireBoth(SplitConfig split, List<Utterance> utterances) {
    for (String side : List.of(split.train(), split.test())) {
      if (utterances.stream().noneMatch(u -> side.equals(u.fields().get(split.field())))) {
        throw DuovoxException.config(
            "data.split: no utterance has %s = %s".formatted(split.field(), side));
      }
    }
  }

  /// Refuses folds whose classifiers could not be trained, or would be tested on labels that they
  /// never saw.
  static void requireLabels(List<Fold> folds, List<Utterance> utterances, String label) {
    List<String> problems =
        folds.stream().flatMap(fold -> fold.problems(utterances, label).stream()).toList();
    if (!problems.isEmpty()) {
      throw DuovoxException.badData(
          "data.split: %s%s; leave out the utterances of such values, or divide by another field"
              .formatted(
                  String.join("; ", problems.subList(0, Math.min(LISTED, problems.size()))),
                  problems.size() > LISTED
                      ? "; and %d more".formatted(problems.size() - LISTED)
                      : ""));
    }
  }

  private List<String> problems(List<Utterance> utterances, String label) {
    TreeSet<String> trained = labels(utterances, training(), label);
    TreeSet<String> tested = labels(utterances, testing(), label);
    tested.removeAll(trained);
    List<String> problems = new ArrayList<>();
    if (trained.size() < 2) {
      problems.add(
          "fold %s trains on the %s %s alone, and a classifier needs two"
              .formatted(name, label, trained));
    }
    if (!tested.isEmpty()) {
      problems.add(
          "fold %s tests the %s %s, which no training utterance has"
              .formatted(name, label, tested));
    }
    return problems;
  }

  private static TreeSet<String> labels(
      List<Utterance> utterances, Predicate<Map<String, String>> subset, String label) {
    return utterances.stream()
        .filter(utterance -> subset.test(utterance.fields()))
        .map(utterance -> field(utterance, label))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// Returns the value of a field; refuses an utterance without one.
  static String field(Utterance utterance, String name) {
    String value = utterance.fields().get(name);
    if (value == null) {
      throw DuovoxException.badData(
          "utterance %s has no field '%s'; it has %s"
              .formatted(utterance.id(), name, utterance.fields().keySet()));
    }
    if (value.isBlank()) {
      throw DuovoxException.badData(
          "utterance %s has no value in the field '%s' (it is %s); give it one in the manifest, or leave the utterance out"
              .formatted(utterance.id(), name, value.isEmpty() ? "empty" : "blank"));
    }
    return value;
  }
}
