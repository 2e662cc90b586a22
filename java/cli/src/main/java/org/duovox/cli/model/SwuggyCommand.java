package org.duovox.cli.model;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.duovox.eval.pairs.Swuggy;
import org.duovox.report.Wording;
import picocli.CommandLine.Command;

/// `duovox swuggy`: scores likelihoods of words against those of non-words, as the ZeroSpeech 2021
/// evaluator does.
@Command(
    name = "swuggy",
    description =
        "Scores how often words are likelier than non-words that sound alike (sWUGGY, the lexical"
            + " task of ZeroSpeech 2021).",
    footer = {
      "  duovox swuggy --gold lexical/dev/gold.csv --submission submission/lexical/dev.txt",
      "  duovox swuggy --gold lexical/test/gold.csv --submission submission/lexical/test.txt --split"
          + " test --scores scores/ --json scores.json"
    })
public final class SwuggyCommand extends PairsVerb {
  @Override
  protected Object execute() {
    Swuggy result = Swuggy.of(gold(), submission(), seed());
    write(result.tables(split()));
    return result;
  }

  @Override
  protected void print(Object result, PrintWriter out) {
    Swuggy swuggy = (Swuggy) result;
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("sWUGGY", "score", "95 % interval", "pairs"));
    rows.add(row("all", swuggy.all()));
    rows.add(row("in vocabulary", swuggy.inVocabulary()));
    swuggy.byFrequency().forEach((band, group) -> rows.add(row("frequency " + band, group)));
    swuggy.byLength().forEach((length, group) -> rows.add(row("length " + length, group)));
    Wording.table(out, rows, true);
  }
}
