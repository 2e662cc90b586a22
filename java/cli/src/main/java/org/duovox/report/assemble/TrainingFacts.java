package org.duovox.report.assemble;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.io.json.Json;
import org.duovox.report.Wording;
import org.duovox.report.page.TrainingReport.Checkpoint;
import org.duovox.report.page.TrainingReport.Run;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainLine.Kind;
import org.duovox.train.log.TrainLine.Timing;
import org.duovox.train.run.RunFolder;
import tools.jackson.databind.JsonNode;

/// Puts the figures of a training run into words, for the summary and the tables of its page.
final class TrainingFacts {
  private static final Pattern CHECKPOINT = Pattern.compile("(step|best)-(\\d+)");

  private final TrainingRecord run;

  TrainingFacts(TrainingRecord run) {
    this.run = run;
  }

  Run run(String name) {
    return new Run(name, facts(), flat(run.settings()), flat(run.environment()), checkpoints());
  }

  private Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(
        "Steps",
        Wording.format(
            "%,d of %,d", run.stepsDone(), Math.max(run.stepsDone(), run.stepsPlanned())));
    List<TrainLine> training = run.lines(Kind.TRAIN);
    if (!training.isEmpty()) {
      TrainLine last = training.getLast();
      facts.put("Training loss", Wording.format("%.4f", last.loss()));
      facts.put("Training accuracy", Wording.percent(last.accuracy()));
    }
    validation(facts);
    predictors(facts);
    double seconds = run.timings().stream().mapToDouble(Timing::seconds).sum();
    if (seconds > 0) {
      facts.put("Time in steps", Wording.duration(seconds));
      facts.put("Units per second", Wording.format("%,.0f", speed()));
    }
    facts.put("Skipped steps", count(training.stream().mapToLong(l -> l.health().skipped()).sum()));
    facts.put("Loss spikes", count(training.stream().mapToLong(l -> l.health().spikes()).sum()));
    return facts;
  }

  private void validation(Map<String, String> facts) {
    run.best()
        .ifPresent(best -> {
          facts.put(
              "Lowest validation loss",
              Wording.format("%.4f at step %,d", best.loss(), best.step()));
          facts.put("Validation accuracy there", Wording.percent(best.accuracy()));
        });
  }

  private void predictors(Map<String, String> facts) {
    run.predictors()
        .ifPresent(known -> {
          facts.put(
              "Unigram, bigram, both sides",
              "%s, %s, %s"
                  .formatted(
                      Wording.percent(known.unigram()),
                      Wording.percent(known.bigram()),
                      Wording.percent(known.bothSides())));
        });
  }

  /// Returns the units of the whole run over its time.
  private double speed() {
    double seconds = 0;
    double units = 0;
    for (Timing timing : run.timings()) {
      if (timing.kind() == Kind.TRAIN) {
        seconds += timing.seconds();
        units += timing.seconds() * timing.unitsPerSecond();
      }
    }
    return seconds > 0 ? units / seconds : 0;
  }

  private static String count(long number) {
    return Wording.format("%,d", number);
  }

  private List<Checkpoint> checkpoints() {
    Path folder = run.folder().resolve(RunFolder.CHECKPOINTS);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Checkpoint> checkpoints = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.toList()) {
        Matcher matcher = CHECKPOINT.matcher(entry.getFileName().toString());
        if (matcher.matches()) {
          boolean best = matcher.group(1).equals("best");
          checkpoints.add(
              new Checkpoint(
                  folder.getFileName() + "/" + entry.getFileName(),
                  Long.parseLong(matcher.group(2)),
                  best ? "model of the lowest validation loss" : "everything to go on from"));
        }
      }
    } catch (IOException e) {
      throw DuovoxException.io("cannot look into " + folder, e);
    }
    checkpoints.sort(Comparator.comparingLong(Checkpoint::step).reversed());
    return checkpoints;
  }

  /// Returns values by dotted key.
  private static Map<String, String> flat(JsonNode tree) {
    Map<String, String> flat = new LinkedHashMap<>();
    Json.leaves(tree)
        .forEach((key, node) -> flat.put(key, node.isString() ? node.asString() : node.toString()));
    return flat;
  }
}
