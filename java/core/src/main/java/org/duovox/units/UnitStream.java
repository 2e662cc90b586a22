package org.duovox.units;

import com.fasterxml.jackson.annotation.JsonProperty;

/// The two streams of a corpus.
public enum UnitStream {
  @JsonProperty("contextual")
  CONTEXTUAL,
  @JsonProperty("phonetic")
  PHONETIC
}
