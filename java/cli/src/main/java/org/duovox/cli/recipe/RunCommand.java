package org.duovox.cli.recipe;

import java.nio.file.Path;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.cli.console.DeviceOption;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.cli.console.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `duovox run`: runs all stages of a recipe, from audio to report.
@Command(
    name = "run",
    description = {
      "Runs all stages of a recipe and writes results.json and report.html.",
      "",
      "Finished stages whose inputs and settings are unchanged are reused, so the same command goes"
          + " on after an",
      "interruption. --device is where models are trained and evaluated; encoders and k-means"
          + " compute on the CPU."
    },
    footer = {
      "  duovox run recipes/demo.yaml --out runs/demo",
      "  duovox run recipes/spoken-digits.yaml --set data.root=recordings --out runs/digits"
    })
public final class RunCommand extends Verb {
  @Parameters(paramLabel = "RECIPE.yaml", description = "The recipe.")
  private Path recipe;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for everything the run makes.")
  private Path out;

  @Option(
      names = "--set",
      paramLabel = "K=V",
      description = "A setting that wins over the file, e.g. pretrain.epochs=2; repeatable.")
  private List<String> settings = List.of();

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Folds that run beside each other; 0: one per core. The results do not depend on it."
              + " Default: ${DEFAULT-VALUE}.")
  private int jobs;

  @Mixin private DeviceOption deviceOption;

  @Option(
      names = {"-v", "--verbose"},
      description = "Print every report of every training.")
  private boolean verbose;

  @Override
  public List<Output> outputs() {
    return Output.continuing(out);
  }

  @Override
  protected Object execute() {
    if (jobs < 0) {
      throw DuovoxException.usage("--jobs must be 0 or more, but is " + jobs);
    }
    return new RecipeRun(this, recipe, settings, out, jobs, verbose, deviceOption).execute();
  }
}
