package org.duovox.train.watch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.duovox.units.UnitStream;
import org.duovox.units.Usage;
import org.duovox.units.corpus.Corpus;

/// What the use of the codes in a corpus says before anything is trained on it.
public final class UnitWarnings {
  // The bounds of org.duovox.units.UnitDiagnostics, which sees frames; a corpus holds merged
  // tokens.
  private static final double HEALTHY_PERPLEXITY = 0.1;
  private static final double HEALTHY_SHARE = 0.5;
  private static final int FEW_CODES = 10;

  private UnitWarnings() {}

  /// A warning for each stream whose units hardly tell anything apart.
  public static List<String> of(Corpus corpus) {
    List<String> warnings = new ArrayList<>();
    check("contextual", corpus.contextual().vocabulary(), UnitStream.CONTEXTUAL, corpus, warnings);
    if (corpus.phonetic().isPresent()) {
      check("phonetic", corpus.phoneticVocabulary(), UnitStream.PHONETIC, corpus, warnings);
    }
    return warnings;
  }

  private static void check(
      String name, int codes, UnitStream stream, Corpus corpus, List<String> warnings) {
    Usage usage = corpus.usage(stream);
    if (usage.total() == 0 || codes < 2) {
      return;
    }
    // Neighbours that are equal were merged, so with two codes each has half of the tokens.
    boolean few = codes >= FEW_CODES && usage.perplexity() < HEALTHY_PERPLEXITY * codes;
    boolean one = codes >= FEW_CODES && usage.commonestShare() > HEALTHY_SHARE;
    if (few || one || usage.used() == 1) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "the %s units hardly distinguish anything: perplexity %.1f of %d codes, %d in use,"
                  + " the commonest holds %.0f %%; a model learns little from them: look at the"
                  + " codebook, another layer, or trim silence",
              name,
              usage.perplexity(),
              codes,
              usage.used(),
              100 * usage.commonestShare()));
    }
  }
}
