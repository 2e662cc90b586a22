package org.duovox.cli.recipe;

import java.nio.file.Path;
import java.util.List;
import org.duovox.cli.console.DeviceOption;
import org.duovox.cli.console.HomeFolder;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.cli.console.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `duovox demo`: runs the bundled recipe on the bundled samples.
@Command(
    name = "demo",
    description = {
      "Runs recipes/demo.yaml on the bundled samples: synthetic speech of several voices, held-out"
          + " voices as test.",
      "",
      "Ends with a table of results and report.html. Takes a minute or two on two cores."
    },
    footer = "  duovox demo")
public final class DemoCommand extends Verb {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "runs/demo",
      description = "Folder for everything the run makes. Default: ${DEFAULT-VALUE}.")
  private Path out;

  @Mixin private DeviceOption deviceOption;

  @Override
  public List<Output> outputs() {
    return Output.continuing(out);
  }

  @Override
  protected Object execute() {
    Path recipe = HomeFolder.path().resolve("recipes").resolve("demo.yaml");
    return new RecipeRun(this, recipe, List.of(), out, 0, false, deviceOption).execute();
  }
}
