package org.duovox.report.assemble;

import org.duovox.report.Wording;
import org.duovox.units.UnitDiagnostics;
import org.duovox.units.Usage;

/// How well a codebook is used, for summaries and JSON.
///
/// @param codes size of the vocabulary
/// @param used codes that occur
/// @param perplexity number of codes in even use
/// @param commonestShare share of the commonest code, 0 to 1
public record CodebookUse(int codes, int used, double perplexity, double commonestShare) {
  private static final double HEALTHY_PERPLEXITY = 0.1;
  private static final double HEALTHY_SHARE = 0.5;

  public static CodebookUse of(Usage usage) {
    return new CodebookUse(
        usage.counts().length, usage.used(), usage.perplexity(), usage.commonestShare());
  }

  public static CodebookUse of(UnitDiagnostics units) {
    return new CodebookUse(units.codes(), units.used(), units.perplexity(), units.commonestShare());
  }

  /// In words.
  public String describe() {
    return Wording.format(
        "%d of %d codes used, perplexity %.1f, the commonest holds %s",
        used, codes, perplexity, Wording.percent(commonestShare));
  }

  /// Whether hardly anything is told apart: under a tenth of the codes in even use, or one code for
  /// over half of all.
  public boolean collapsed() {
    return codes >= 10
        && (perplexity < HEALTHY_PERPLEXITY * codes || commonestShare > HEALTHY_SHARE);
  }
}
