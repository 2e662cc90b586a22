package org.duovox.cli.model;

import org.duovox.cli.console.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `duovox slu`: spoken language understanding, that is, classifying utterances by intent.
@Command(
    name = "slu",
    mixinStandardHelpOptions = true,
    versionProvider = Verb.Version.class,
    description =
        "Trains and evaluates a classifier of utterances (intents, slots, digits, ...) on a"
            + " pretrained model.",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nVerbs:%n",
    exitCodeListHeading = Verb.EXIT_CODES,
    subcommands = {
      SluTrainCommand.class,
      SluProbeCommand.class,
      SluEvaluateCommand.class,
      SluCurveCommand.class
    })
public final class SluCommand implements Runnable {
  @Spec private CommandSpec spec;

  /// Prints the list of verbs when none is given.
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
