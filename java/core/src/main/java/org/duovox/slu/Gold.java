package org.duovox.slu;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.duovox.DuovoxException;
import org.duovox.units.corpus.UnitUtterance;

/// What is expected of the labels of utterances that are classified.
public enum Gold {
  /// Every utterance has a label that occurs in training; others are refused.
  @JsonProperty("error")
  KNOWN,
  /// Every utterance has a label; one that does not occur in training is predicted wrong.
  @JsonProperty("wrong")
  UNSEEN_IS_WRONG,
  /// Utterances need no label and are not scored.
  @JsonProperty("none")
  NONE;

  /// Returns an utterance's label; null when there need be none.
  ///
  /// @throws DuovoxException (BAD_DATA) that names the utterance when it breaks the rule
  String of(UnitUtterance utterance, IntentData data) {
    return switch (this) {
      case KNOWN -> data.labels().get(data.label(utterance));
      case UNSEEN_IS_WRONG -> IntentData.value(utterance, data.field());
      case NONE -> null;
    };
  }
}
