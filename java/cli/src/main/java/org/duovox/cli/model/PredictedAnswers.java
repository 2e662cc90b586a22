package org.duovox.cli.model;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.duovox.cli.console.Verb.Summary;
import org.duovox.report.Wording;
import org.duovox.slu.Answer;
import org.duovox.speech.SkippedUtterance;

/// Answers to audio without labels, as a table for people.
record PredictedAnswers(String model, List<Answer> answers, List<SkippedUtterance> skipped)
    implements Summary {
  private static final int MOST_PRINTED = 20;

  @Override
  public void print(PrintWriter writer) {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("utterance"));
    answers
        .getFirst()
        .slots()
        .forEach(slot -> {
          head.add(slot.field());
          head.add("probability");
        });
    rows.add(head);
    for (Answer answer : answers.subList(0, Math.min(MOST_PRINTED, answers.size()))) {
      List<String> row = new ArrayList<>(List.of(answer.id()));
      answer
          .slots()
          .forEach(slot -> {
            row.add(slot.predicted());
            row.add(Wording.format("%.3f", slot.probabilities().get(slot.predicted())));
          });
      rows.add(row);
    }
    Wording.table(writer, rows, false);
    if (answers.size() > MOST_PRINTED) {
      writer.println(
          Wording.format(
              "and %,d more; --predictions FILE writes all", answers.size() - MOST_PRINTED));
    }
  }
}
