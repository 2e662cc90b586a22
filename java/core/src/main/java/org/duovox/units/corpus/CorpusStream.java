package org.duovox.units.corpus;

import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.units.Codebook;
import org.duovox.units.StreamInfo;

/// One stream of a corpus: the origin of its frames, the size of its vocabulary, and the codebook,
/// which imported units may lack.
public record CorpusStream(StreamInfo features, int vocabulary, Optional<Codebook> codebook) {

  /// A stream of the units of a codebook.
  public CorpusStream(StreamInfo features, Codebook codebook) {
    this(features, codebook.clusters(), Optional.of(codebook));
  }

  /// Identity of the codebook; "" without one.
  public String codebookSha256() {
    return codebook.map(Codebook::sha256).orElse("");
  }

  /// Returns the codebook.
  ///
  /// @param what the setting that needs it
  /// @throws DuovoxException (BAD_CONFIG) for units without one
  public Codebook requireCodebook(String what) {
    return codebook.orElseThrow(() ->
        DuovoxException.config(
            ("%s needs the vectors of a codebook, but the units (%s) were imported without one;"
                    + " import them again with --codebook FILE, or choose another setting")
                .formatted(what, features.name())));
  }
}
