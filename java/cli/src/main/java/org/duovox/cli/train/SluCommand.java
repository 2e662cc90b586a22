package org.duovox.cli.train;

import org.duovox.cli.console.Verb;
import org.duovox.cli.console.VersionText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `duovox slu`: spoken language understanding, the intent of an utterance.
@Command(
    name = "slu",
    mixinStandardHelpOptions = true,
    versionProvider = VersionText.class,
    description =
        "Trains and evaluates a classifier of utterances (intents, digits, ...) on a pretrained"
            + " model.",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nVerbs:%n",
    exitCodeListHeading = Verb.EXIT_CODES,
    subcommands = {SluTrainCommand.class, SluEvaluateCommand.class})
public final class SluCommand implements Runnable {
  @Spec private CommandSpec spec;

  /// Without a verb: the list of them.
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
