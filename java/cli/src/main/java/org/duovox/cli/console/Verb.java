package org.duovox.cli.console;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.duovox.cli.console.Output.Form;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What all verbs share: `--json`, `--quiet`, `--debug`, and where text goes.
///
/// The result of a verb goes to standard output, as text or as one JSON value; progress and remarks
/// go to standard error.
@Command(
    mixinStandardHelpOptions = true,
    versionProvider = VersionText.class,
    sortOptions = false,
    descriptionHeading = "%n",
    parameterListHeading = "%nParameters:%n",
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = Verb.EXIT_CODES,
    footerHeading = "%nExamples:%n")
public abstract class Verb implements Callable<Integer> {
  /// Where a verb's help leads to.
  public static final String EXIT_CODES = "%nExit codes: 'duovox --help' lists them.%n";

  @Option(
      names = "--json",
      arity = "0..1",
      paramLabel = "FILE",
      fallbackValue = JsonTarget.STDOUT,
      preprocessor = JsonTarget.class,
      order = 100,
      description =
          "Write the result as JSON to FILE; without FILE, print it instead of the summary.")
  private String json;

  @Option(
      names = {"-q", "--quiet"},
      order = 101,
      description = "No progress and no remarks.")
  private boolean quiet;

  @SuppressWarnings("UnusedVariable") // Failures asks the parser for it, also when parsing failed.
  @Option(names = "--debug", order = 102, description = "Print the stack trace of an error.")
  private boolean debug;

  @Mixin private Outputs outputs;

  @Spec private CommandSpec spec;

  private Progress current; // The task that runs or ran last; null before the first.

  /// Refuses options that do not go together, before anything is looked at.
  protected void requireForm() {}

  /// Does the work; the value is printed as text by [#print] or as JSON.
  protected abstract Object execute();

  /// Files and folders that the command line names for the verb to write, `--json` aside. What
  /// happens when one is there already is decided in [Outputs].
  public List<Output> outputs() {
    return List.of();
  }

  /// Prints the result for people.
  protected void print(Object result, PrintWriter out) {
    ((Summary) result).print(out);
  }

  /// The result as JSON.
  protected String json(Object result) {
    return Json.pretty(result);
  }

  @Override
  public final Integer call() {
    LogLines.install(this::warn);
    requireForm();
    Outputs.Claims claims = outputs.claim(spec, allOutputs());
    try {
      Object result = execute();
      tell(result);
      return exitCode(result);
    } catch (Error e) {
      throw new ExecutionException(
          spec.commandLine(), "failed", e); // Picocli hands only exceptions to Failures.
    } finally {
      claims.close();
    }
  }

  private List<Output> allOutputs() {
    List<Output> all = new ArrayList<>(outputs());
    if (isJsonFile()) {
      all.addAll(Output.refusing(Form.FILE, Path.of(json)));
    }
    return all;
  }

  private boolean isJsonFile() {
    return json != null && !json.equals(JsonTarget.STDOUT);
  }

  private void tell(Object result) {
    PrintWriter out = spec.commandLine().getOut();
    boolean toFile = isJsonFile();
    if (toFile) {
      AtomicFiles.write(Path.of(json), json(result));
    }
    if (json == null || toFile) {
      print(result, out);
    } else {
      out.print(json(result));
    }
  }

  /// Exit code of a verb that did its work; verbs that judge (doctor) tell more.
  protected int exitCode(Object result) {
    return 0;
  }

  /// Whether something stands at an output that the user did not allow to replace; a verb that
  /// compares reuses it or refuses it with [Outputs#refused].
  public final boolean isKept(Path output) {
    return outputs.isKept(output);
  }

  /// Whether `--replace` was given.
  public final boolean mayReplace() {
    return outputs.replace();
  }

  /// A remark on standard error, unless `--quiet`.
  public final void remark(String format, Object... args) {
    if (quiet) {
      return;
    }
    String text = format.formatted(args);
    if (current == null) {
      err().println(text);
    } else {
      current.line(text);
    }
  }

  /// A failure on standard error, with `--quiet` too.
  public final void error(String text) {
    if (quiet || current == null) {
      err().println(text);
    } else {
      current.line(text);
    }
  }

  private void warn(String text) {
    remark("%s", "duovox: warning: " + text);
  }

  /// Progress of a task with a known or unknown (-1) number of items.
  public final Progress progress(String task, long total, String unit) {
    current = quiet ? Progress.none() : Progress.on(err(), task, total, unit);
    return current;
  }

  public final PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /// Whether standard output is for JSON.
  public final boolean wantsJson() {
    return json != null;
  }
}
