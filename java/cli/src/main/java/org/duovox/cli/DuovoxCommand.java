package org.duovox.cli;

import org.duovox.cli.console.VersionText;
import org.duovox.cli.machine.DoctorCommand;
import org.duovox.cli.machine.FetchCommand;
import org.duovox.cli.recipe.DemoCommand;
import org.duovox.cli.recipe.ReportCommand;
import org.duovox.cli.recipe.RunCommand;
import org.duovox.cli.speech.FeaturesCommand;
import org.duovox.cli.speech.KMeansCommand;
import org.duovox.cli.speech.MergeCommand;
import org.duovox.cli.speech.QuantizeCommand;
import org.duovox.cli.train.EmbedCommand;
import org.duovox.cli.train.ForwardCommand;
import org.duovox.cli.train.PretrainCommand;
import org.duovox.cli.train.SluCommand;
import org.duovox.cli.train.SsimiCommand;
import org.duovox.cli.units.AlignCommand;
import org.duovox.cli.units.ConvertCommand;
import org.duovox.cli.units.ExportCommand;
import org.duovox.cli.units.ImportCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The `duovox` command itself: names the verbs.
@Command(
    name = "duovox",
    mixinStandardHelpOptions = true,
    versionProvider = VersionText.class,
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
      LaterCommands.ExperimentCommand.class
    })
final class DuovoxCommand implements Runnable {
  @Spec private CommandSpec spec;

  /// Without a verb: the list of them.
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
