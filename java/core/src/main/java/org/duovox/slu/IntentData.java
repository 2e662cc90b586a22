package org.duovox.slu;

import java.util.List;
import java.util.TreeSet;
import org.duovox.DuovoxException;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;

/// The classes of a classifier, and the field of an utterance that names its class.
///
/// @param field name of the field, e.g. `intent`
/// @param labels the classes that occur in the training utterances, sorted; a class is its index
///   here
record IntentData(String field, List<String> labels) {

  IntentData {
    labels = List.copyOf(labels);
  }

  /// Reads the classes off the training utterances.
  ///
  /// @throws DuovoxException (BAD_DATA) when an utterance lacks the field or there are fewer than
  ///   two classes
  static IntentData of(Corpus training, String field) {
    TreeSet<String> labels = new TreeSet<>();
    for (UnitUtterance utterance : training.utterances()) {
      labels.add(value(utterance, field));
    }
    if (labels.size() < 2) {
      throw DuovoxException.badData(
          "the %d training utterances have %d value(s) of '%s'; a classifier needs at least two"
              .formatted(training.size(), labels.size(), Slots.of(field).title()));
    }
    return new IntentData(field, List.copyOf(labels));
  }

  /// Returns the class of an utterance.
  ///
  /// @throws DuovoxException (BAD_DATA) that names the utterance when its label does not occur in
  ///   training
  int label(UnitUtterance utterance) {
    String value = value(utterance, field);
    int index = labels.indexOf(value);
    if (index < 0) {
      Slots slots = Slots.of(field);
      throw DuovoxException.badData(
          "%s: its %s '%s' does not occur among the training utterances (%s)"
              .formatted(
                  utterance.id(),
                  slots.title(),
                  slots.words(value),
                  String.join(", ", labels.stream().map(slots::words).toList())));
    }
    return index;
  }

  /// Returns the classes of all utterances, in corpus order.
  int[] labels(Corpus corpus) {
    return corpus.utterances().stream().mapToInt(this::label).toArray();
  }

  /// Returns the value of a field.
  ///
  /// @throws DuovoxException (BAD_DATA) that names the utterance when it has none
  static String value(UnitUtterance utterance, String field) {
    String value = utterance.fields().get(field);
    if (value == null) {
      throw DuovoxException.badData(
          "utterance %s has no field '%s' in the manifest; it has %s"
              .formatted(utterance.id(), field, utterance.fields().keySet()));
    }
    if (value.isBlank()) {
      throw DuovoxException.badData(
          ("utterance %s has no value in the field '%s' (it is %s); give it one in the manifest, or"
                  + " leave the utterance out")
              .formatted(utterance.id(), field, value.isEmpty() ? "empty" : "blank"));
    }
    return value;
  }
}
