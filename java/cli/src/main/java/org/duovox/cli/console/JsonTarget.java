package org.duovox.cli.console;

import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/// Decides whether the word after `--json` is its file.
///
/// `--json=FILE` always names one. After `--json FILE` a verb that takes words of its own (audio
/// files, a folder) keeps a word that does not end in `.json`: `features --json a.wav` must not
/// write over `a.wav`.
final class JsonTarget implements IParameterPreprocessor {
  /// Stands for standard output.
  static final String STDOUT = "-";

  @Override
  public boolean preprocess(
      Stack<String> args, CommandSpec command, ArgSpec option, Map<String, Object> info) {
    boolean attached = "=".equals(info.get("separator"));
    if (attached || args.isEmpty() || command.positionalParameters().isEmpty()) {
      return false;
    }
    if (args.peek().endsWith(".json")) {
      return false;
    }
    option.setValue(STDOUT);
    return true;
  }
}
