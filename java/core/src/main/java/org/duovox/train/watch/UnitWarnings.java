package org.duovox.train.watch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.duovox.units.CodebookUse;
import org.duovox.units.UnitStream;
import org.duovox.units.corpus.Corpus;

/// Warnings about the units of a corpus, given before anything is trained on it.
public final class UnitWarnings {
  private UnitWarnings() {}

  /// A warning for each stream whose units hardly distinguish anything.
  public static List<String> of(Corpus corpus) {
    List<String> warnings = new ArrayList<>();
    check("contextual", corpus.countUnits(UnitStream.CONTEXTUAL).use(), warnings);
    if (corpus.phonetic().isPresent()) {
      check("phonetic", corpus.countUnits(UnitStream.PHONETIC).use(), warnings);
    }
    return warnings;
  }

  private static void check(String stream, CodebookUse use, List<String> warnings) {
    if (use.hasCollapsedOverTokens()) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "the %s units hardly distinguish anything: perplexity %.1f of %d codes, %d in use,"
                  + " the commonest holds %.0f %%; a model learns little from them: look at the"
                  + " codebook, another layer, or trim silence",
              stream,
              use.perplexity(),
              use.codes(),
              use.used(),
              100 * use.mostFrequentShare()));
    }
  }
}
