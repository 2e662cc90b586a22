package org.duovox.slu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.io.json.Json;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;

/// The label columns of a classifier: a single one, or several, the slots of an intent.
///
/// A classifier with one output over several columns has the combinations of their values as
/// classes. A combination is written as a JSON list, as is the name of the field that holds it, so
/// that neither can be mistaken for another.
///
/// @param fields of the manifest, in order, at least one
public record Slots(List<String> fields) {
  private static final String LIST = "[\"";

  public Slots {
    fields = List.copyOf(fields);
    if (fields.isEmpty() || new HashSet<>(fields).size() != fields.size()) {
      throw DuovoxException.usage("name each label column once, and at least one, not " + fields);
    }
  }

  /// Reads what [#field()] returns.
  public static Slots of(String field) {
    return new Slots(list(field));
  }

  /// Returns the name of the field with the class: that of the only column, or that of all of them.
  public String field() {
    return isSingle() ? fields.getFirst() : Json.line(fields);
  }

  /// Whether there is one column only.
  public boolean isSingle() {
    return fields.size() == 1;
  }

  /// Returns the values of the columns that a class stands for, in their order.
  public List<String> values(String label) {
    return isSingle() ? List.of(label) : list(label);
  }

  /// Returns the value of each column of an utterance.
  ///
  /// @throws DuovoxException (BAD_DATA) that names the utterance and the column without a value
  public List<String> valuesOf(UnitUtterance utterance) {
    return fields.stream().map(field -> IntentData.value(utterance, field)).toList();
  }

  /// Returns the class of an utterance: its value, or the combination of its values.
  public String label(UnitUtterance utterance) {
    List<String> values = valuesOf(utterance);
    return isSingle() ? values.getFirst() : Json.line(values);
  }

  /// Returns the corpus with the combination of the columns as one field more.
  ///
  /// @throws DuovoxException (BAD_DATA) when an utterance that must have labels lacks one
  Corpus joined(Corpus corpus, Gold gold) {
    if (isSingle() || gold == Gold.NONE) {
      return corpus;
    }
    corpus.utterances().forEach(this::valuesOf);
    return corpus.map(utterance -> {
      Map<String, String> more = new HashMap<>(utterance.fields());
      more.put(field(), label(utterance));
      return utterance.with(more);
    });
  }

  /// Returns the answer for each column to an answer over combinations: the probability of a value
  /// is the sum over the combinations that have it.
  ///
  /// @param labels the combinations, in the order of the scores
  public Answer answer(Prediction prediction, List<String> labels) {
    List<Answer.Slot> slots = new ArrayList<>();
    for (int k = 0; k < fields.size(); k++) {
      Map<String, Double> shares = new LinkedHashMap<>();
      for (int c = 0; c < labels.size(); c++) {
        shares.merge(
            values(labels.get(c)).get(k), Math.exp(prediction.scores().get(c)), Double::sum);
      }
      String gold = prediction.gold() == null ? null : values(prediction.gold()).get(k);
      // The values of the likeliest combination, which always go together.
      String predicted = values(prediction.predicted()).get(k);
      slots.add(new Answer.Slot(fields.get(k), gold, predicted, shares));
    }
    return new Answer(prediction.id(), slots);
  }

  /// Returns the columns in words, e.g. "action + object".
  String title() {
    return String.join(" + ", fields);
  }

  /// Returns a class in words, e.g. "activate + lights".
  String words(String label) {
    return String.join(" + ", values(label));
  }

  private static List<String> list(String text) {
    return text.startsWith(LIST)
        ? List.of(Json.parse(text, String[].class, "the label " + text))
        : List.of(text);
  }
}
