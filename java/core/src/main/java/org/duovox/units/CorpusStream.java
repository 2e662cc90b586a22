package org.duovox.units;

/// One stream of a corpus: where its frames come from and the codebook of its units.
public record CorpusStream(StreamInfo features, Codebook codebook) {

  /// Number of codes.
  public int vocabulary() {
    return codebook.clusters();
  }
}
