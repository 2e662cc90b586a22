package org.duovox.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.duovox.DuovoxException;
import org.duovox.cli.console.Verb;
import org.duovox.cli.exchange.ConvertCommand;
import org.duovox.cli.exchange.ExportCommand;
import org.duovox.cli.exchange.ImportCommand;
import org.duovox.cli.machine.DoctorCommand;
import org.duovox.cli.machine.FetchCommand;
import org.duovox.cli.model.EmbedCommand;
import org.duovox.cli.model.ForwardCommand;
import org.duovox.cli.model.PretrainCommand;
import org.duovox.cli.model.SluCommand;
import org.duovox.cli.model.SsimiCommand;
import org.duovox.cli.recipe.DemoCommand;
import org.duovox.cli.recipe.ReportCommand;
import org.duovox.cli.recipe.RunCommand;
import org.duovox.cli.units.AlignCommand;
import org.duovox.cli.units.FeaturesCommand;
import org.duovox.cli.units.KMeansCommand;
import org.duovox.cli.units.MergeCommand;
import org.duovox.cli.units.QuantizeCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/// The `duovox` command itself: lists all verbs.
@Command(
    name = "duovox",
    mixinStandardHelpOptions = true,
    versionProvider = Verb.Version.class,
    description = {
      "Learns what speech means from raw audio, without text.",
      "",
      "Start with 'duovox demo'. Every verb has --help and --json."
    },
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nVerbs:%n",
    footerHeading = "%nExit codes:%n",
    footer = {
      "  0 ok, 1 a bug, 2 wrong usage, 65 bad input data, 66 input missing,",
      "  69 something needed is not available, 70 native failure, 73 output cannot be created,",
      "  74 input/output error, 75 temporary (out of memory): try again, 76 a training diverged,",
      "  78 bad recipe or settings, 129 terminal closed, 130 interrupted, 143 terminated"
    },
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      FeaturesCommand.class,
      MergeCommand.class,
      KMeansCommand.class,
      QuantizeCommand.class,
      AlignCommand.class,
      ImportCommand.class,
      ExportCommand.class,
      PretrainCommand.class,
      EmbedCommand.class,
      SsimiCommand.class,
      SluCommand.class,
      ReportCommand.class,
      ConvertCommand.class,
      ForwardCommand.class,
      FetchCommand.class,
      DoctorCommand.class,
      DuovoxCommand.ExperimentCommand.class
    })
final class DuovoxCommand implements Runnable {
  @Spec private CommandSpec spec;

  /// Prints the list of verbs when none is given.
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /// A verb of the design that this version does not have: says so, whatever its arguments.
  @Command(name = "experiment", hidden = true, description = "Comes with a later version.")
  static final class ExperimentCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Unmatched private final List<String> ignored = new ArrayList<>();

    @Override
    public Integer call() {
      throw DuovoxException.unavailable(
          "'duovox %s' comes with a later version; 'duovox --help' lists what this one does"
              .formatted(spec.name()));
    }
  }
}
