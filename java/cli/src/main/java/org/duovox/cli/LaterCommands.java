package org.duovox.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.duovox.DuovoxException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/// Verbs of the design that this version does not have: they say so, whatever their arguments.
final class LaterCommands {
  private LaterCommands() {}

  abstract static class Later implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Unmatched private final List<String> ignored = new ArrayList<>();

    @Override
    public Integer call() {
      throw DuovoxException.unavailable(
          "'duovox %s' comes with a later version; 'duovox --help' lists what this one does"
              .formatted(spec.name()));
    }
  }

  @Command(name = "experiment", hidden = true, description = "Comes with a later version.")
  static final class ExperimentCommand extends Later {}
}
