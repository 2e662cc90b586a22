package org.duovox.cli.recipe;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.cli.console.DeviceOption;
import org.duovox.cli.console.EncoderFiles;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.cli.console.Progress;
import org.duovox.cli.console.Stopwatch;
import org.duovox.cli.console.Verb;
import org.duovox.experiment.CellState;
import org.duovox.experiment.Experiment;
import org.duovox.experiment.Experiment.Given;
import org.duovox.experiment.ExperimentFiles;
import org.duovox.experiment.ExperimentRunner;
import org.duovox.experiment.Finding;
import org.duovox.experiment.Forecast;
import org.duovox.experiment.Plan;
import org.duovox.internal.Device;
import org.duovox.report.Wording;
import org.duovox.report.assemble.ExperimentReports;
import org.duovox.report.assemble.RecipeReports;
import org.duovox.train.log.TrainControl;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `duovox experiment`: runs a grid of recipes and compares them.
@Command(
    name = "experiment",
    description = {
      "Runs a grid of recipes and compares them over seeds and items.",
      "",
      "Cells share every stage that they have in common; a cell that fails fails alone. The same"
          + " command goes on after",
      "an interruption. Layers and channels are chosen on dev; the words of test are scored once,"
          + " after that."
    },
    footer = {
      "  duovox experiment recipes/experiments/single-vs-dual.yaml --world world --out runs/single-vs-dual",
      "  duovox experiment GRID.yaml --size paper --device cuda --plan --out runs/grid"
    })
public final class ExperimentCommand extends Verb {
  @Parameters(paramLabel = "GRID.yaml", description = "The grid.")
  private Path grid;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for everything the experiment makes.")
  private Path out;

  @Option(
      names = "--size",
      paramLabel = "NAME",
      description = "One of the grid's sizes. Default: the first.")
  private String size;

  @Option(
      names = "--world",
      paramLabel = "DIR",
      description =
          "A microworld: sets data.root, data.manifest and evaluations.words.root of every recipe.")
  private Path world;

  @Option(
      names = "--set",
      paramLabel = "K=V",
      description = "A setting of every recipe that wins over the grid; repeatable.")
  private List<String> settings = List.of();

  @Option(
      names = "--stages",
      paramLabel = "DIR",
      description =
          "Folder of stages that several experiments share, such as features, codebooks and equal"
              + " trainings; the stages of --out become a link to it. Default: a folder of its own.")
  private Path stages;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Cells that run beside each other; 0: as the grid says, or one per core and thread. The"
              + " results do not depend on it. Default: ${DEFAULT-VALUE}.")
  private int jobs;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Threads of each cell, part of the last bits of a result; 0: as the grid or its recipe"
              + " says. Default: ${DEFAULT-VALUE}.")
  private int threads;

  @Option(names = "--plan", description = "Print the plan and its predicted time, and run nothing.")
  private boolean planOnly;

  @Option(
      names = "--no-probe",
      description = "Do not take a few steps of each training first to predict the time.")
  private boolean noProbe;

  @Mixin private DeviceOption deviceOption;

  @Option(
      names = {"-v", "--verbose"},
      description = "Print what is worth knowing about every training.")
  private boolean verbose;

  /// What the verb prints at the end.
  ///
  /// @param waiting cells that did not begin
  private record Result(
      String experiment,
      String out,
      List<CellState> cells,
      List<Finding> comparisons,
      int waiting,
      double seconds)
      implements Summary {
    @Override
    public void print(PrintWriter writer) {
      writer.println();
      for (Finding finding : comparisons) {
        writer.println(finding.question());
        writer.println("  " + finding.sentence());
      }
      for (CellState cell : failed()) {
        writer.println("failed: %s: %s".formatted(cell.name(), cell.error()));
      }
      if (waiting > 0) {
        writer.println(
            "%s not begun or not finished: the same command goes on"
                .formatted(Wording.count(waiting, "cell")));
      }
      writer.println(
          "results: %s  (%s)"
              .formatted(
                  Path.of(out).resolve(ExperimentFiles.COMPARISONS), Wording.duration(seconds)));
      writer.println("report: " + Path.of(out).resolve(RecipeReports.PAGE));
    }

    private List<CellState> failed() {
      return cells.stream().filter(cell -> cell.state() == CellState.State.FAILED).toList();
    }
  }

  /// What `--plan` prints.
  private record Planned(String experiment, List<String> plan, Double seconds) implements Summary {
    @Override
    public void print(PrintWriter writer) {
      plan.forEach(writer::println);
    }
  }

  @Override
  public List<Output> outputs() {
    List<Output> outputs = new ArrayList<>(Output.continuing(out));
    outputs.addAll(Output.continuing(stages));
    return outputs;
  }

  @Override
  protected void checkOptions() {
    if (jobs < 0 || threads < 0 || threads > 1024) {
      throw DuovoxException.usage("--jobs must be 0 or more, and --threads 0 to 1024");
    }
  }

  @Override
  protected Object execute() {
    Experiment experiment = Experiment.read(grid, new Given(size, settings, threads, world));
    experiment.requireInputs();
    experiment.requireFolder(out, stages, mayReplace());
    Device device = deviceOption.ready();
    int sideBySide = experiment.jobs(jobs, Runtime.getRuntime().availableProcessors());
    EncoderFiles.fetchMissing(this, List.copyOf(experiment.encoders()));
    Forecast forecast = forecast(experiment, sideBySide, device);
    List<String> plan = lines(Plan.of(experiment), forecast, sideBySide);
    if (planOnly) {
      OptionalDouble seconds = forecast.seconds();
      return new Planned(
          experiment.name(), plan, seconds.isPresent() ? seconds.getAsDouble() : null);
    }
    plan.forEach(line -> remark("%s", line));
    return run(experiment, sideBySide, device);
  }

  private Forecast forecast(Experiment experiment, int sideBySide, Device device) {
    Forecast earlier = Forecast.fromEarlier(experiment, out, sideBySide);
    return earlier.seconds().isPresent() || noProbe
        ? earlier
        : Forecast.probed(experiment, sideBySide, device, new TrainControl());
  }

  private static List<String> lines(Plan plan, Forecast forecast, int sideBySide) {
    Experiment experiment = plan.experiment();
    List<String> lines = new ArrayList<>();
    lines.add(
        Wording.format(
            "%s%s: %s; %d at a time",
            experiment.name(),
            experiment.size().isEmpty() ? "" : ", size " + experiment.size(),
            plan.cells(),
            sideBySide));
    plan.stages()
        .forEach((kind, need) ->
            lines.add(
                Wording.format(
                    "  %-9s %5d%s",
                    Wording.optionName(kind),
                    need.stages(),
                    need.cells() > need.stages() ? ", shared by " + need.cells() + " cells" : "")));
    lines.add(Wording.format("  %-9s %5d", "compared", experiment.comparisons()));
    forecast
        .perStep()
        .forEach((training, seconds) ->
            lines.add(Wording.format("  %s: %.3f s a step", training, seconds)));
    lines.add(predicted(forecast, experiment.budgetHours()));
    return lines;
  }

  private static String predicted(Forecast forecast, double budgetHours) {
    if (forecast.seconds().isEmpty()) {
      return "time unknown: " + forecast.basis();
    }
    double seconds = forecast.seconds().getAsDouble();
    String text = "about %s, by %s".formatted(Wording.duration(seconds), forecast.basis());
    boolean over = budgetHours > 0 && seconds > budgetHours * 3600;
    return over
        ? Wording.format(
            "%s; the budget is %s hours: no cell begins after that",
            text, Wording.number(budgetHours))
        : text;
  }

  private Result run(Experiment experiment, int sideBySide, Device device) {
    Stopwatch stopwatch = new Stopwatch();
    ExperimentRunner.Outcome outcome;
    try (Progress progress = progress(experiment.name(), experiment.cells().size(), "cells")) {
      CellPrinter printer = new CellPrinter(this, progress, verbose);
      outcome =
          RecipeRun.answeringSignals(
              progress,
              control ->
                  new ExperimentRunner(experiment, out, sideBySide, device, control, printer)
                      .run(stages, mayReplace()));
    }
    remark(
        "%s of layer and channel tried on dev for %s; words of test scored %s",
        Wording.count(outcome.tried().settings(), "setting"),
        Wording.count(outcome.tried().arms(), "system"),
        Wording.count(outcome.tried().testScores(), "time"));
    ExperimentReports.write(out, out.resolve(RecipeReports.PAGE));
    return new Result(
        experiment.name(),
        out.toString(),
        outcome.cells(),
        outcome.findings(),
        outcome.waiting(),
        stopwatch.seconds());
  }

  @Override
  protected int exitCode(Object result) {
    if (!(result instanceof Result r)) {
      return 0;
    }
    return r.failed().stream()
        .findFirst()
        .map(cell -> cell.kind() == null ? 1 : cell.kind().exitCode())
        .orElse(r.waiting() > 0 ? Kind.RETRY.exitCode() : 0);
  }
}
