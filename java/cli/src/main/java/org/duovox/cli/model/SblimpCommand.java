package org.duovox.cli.model;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.duovox.eval.pairs.Sblimp;
import org.duovox.report.Wording;
import picocli.CommandLine.Command;

/// `duovox sblimp`: scores likelihoods of grammatical sentences against those of ungrammatical
/// ones, as the ZeroSpeech 2021 evaluator does.
@Command(
    name = "sblimp",
    description =
        "Scores how often grammatical sentences are likelier than ungrammatical ones (sBLIMP, the"
            + " syntactic task of ZeroSpeech 2021).",
    footer = {
      "  duovox sblimp --gold syntactic/dev/gold.csv --submission submission/syntactic/dev.txt",
      "  duovox sblimp --gold syntactic/dev/gold.csv --submission submission/syntactic/dev.txt --scores"
          + " scores/ --json scores.json"
    })
public final class SblimpCommand extends PairsVerb {
  @Override
  protected Object execute() {
    Sblimp result = Sblimp.of(gold(), submission(), seed());
    write(result.tables(split()));
    return result;
  }

  @Override
  protected void print(Object result, PrintWriter out) {
    Sblimp sblimp = (Sblimp) result;
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("sBLIMP", "score", "95 % interval", "pairs"));
    rows.add(row("all", sblimp.all()));
    sblimp.byType().forEach((type, group) -> rows.add(row(type, group)));
    Wording.table(out, rows, true);
  }
}
