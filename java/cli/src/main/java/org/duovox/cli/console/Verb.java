package org.duovox.cli.console;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Collectors;
import org.duovox.Versions;
import org.duovox.audio.manifest.Printable;
import org.duovox.cli.console.OutputGuard.Form;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;
import org.duovox.report.Wording;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Base class of all verbs: `--json`, `--quiet`, `--debug`, the guard over outputs, and where text
/// goes.
///
/// The result of a verb goes to standard output, as text or as one JSON value; progress and remarks
/// go to standard error.
@Command(
    mixinStandardHelpOptions = true,
    versionProvider = Verb.Version.class,
    sortOptions = false,
    descriptionHeading = "%n",
    parameterListHeading = "%nParameters:%n",
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = Verb.EXIT_CODES,
    footerHeading = "%nExamples:%n")
public abstract class Verb implements Callable<Integer> {
  /// The last line of every verb's help.
  public static final String EXIT_CODES = "%nExit codes: 'duovox --help' lists them.%n";

  private static final String STANDARD_OUTPUT = "-";

  /// The result of a verb: a record that becomes JSON and also prints itself for people.
  public interface Summary {
    /// Prints the result as text.
    void print(PrintWriter out);

    /// Prints how many items were skipped for which reason, and their names.
    ///
    /// @param id name of an item
    /// @param reason why an item was skipped
    static <T> void printSkipped(
        PrintWriter out, List<T> skipped, Function<T, String> id, Function<T, String> reason) {
      Map<String, List<String>> byReason =
          skipped.stream()
              .collect(
                  Collectors.groupingBy(
                      reason, TreeMap::new, Collectors.mapping(id, Collectors.toList())));
      byReason.forEach((why, ids) ->
          out.println(
              Wording.format("skipped %d: %s: %s", ids.size(), why, Wording.firstTen(ids))));
    }
  }

  @Option(
      names = "--json",
      arity = "0..1",
      paramLabel = "FILE",
      fallbackValue = STANDARD_OUTPUT,
      preprocessor = JsonFile.class,
      order = 100,
      description =
          "Write the result as JSON to FILE; without FILE, print it instead of the summary.")
  private String json;

  @Option(
      names = {"-q", "--quiet"},
      order = 101,
      description = "No progress and no remarks.")
  private boolean quiet;

  @SuppressWarnings(
      "UnusedVariable") // FailureHandler asks the parser for it, also when parsing failed.
  @Option(names = "--debug", order = 102, description = "Print the stack trace of an error.")
  private boolean debug;

  @Mixin private OutputGuard guard;

  @Spec private CommandSpec spec;

  private Progress current; // Of the task that runs or ran last; null before the first.

  /// Refuses options that do not go together, before any file is touched.
  protected void checkOptions() {}

  /// Does the work. Returns the result, which [#print] prints as text and [#json] as JSON.
  protected abstract Object execute();

  /// Returns the files and folders that the command line names for the verb to write, `--json`
  /// aside. [OutputGuard] decides what happens when one exists already.
  public List<Output> outputs() {
    return List.of();
  }

  /// Prints the result for people.
  protected void print(Object result, PrintWriter out) {
    ((Summary) result).print(out);
  }

  /// Returns the result as JSON.
  protected String json(Object result) {
    return Json.pretty(result);
  }

  /// Returns the exit code of a verb that did its work; verbs that judge (doctor) return others.
  protected int exitCode(Object result) {
    return 0;
  }

  @Override
  public final Integer call() {
    WarningHandler.install(this::warn);
    checkOptions();
    OutputGuard.Claims claims = guard.claim(spec, allOutputs());
    try {
      Object result = execute();
      write(result);
      return exitCode(result);
    } catch (Error e) { // Picocli hands only exceptions to FailureHandler.
      throw new ExecutionException(spec.commandLine(), "failed", e);
    } finally {
      claims.close();
    }
  }

  private List<Output> allOutputs() {
    List<Output> all = new ArrayList<>(outputs());
    if (hasJsonFile()) {
      all.addAll(Output.refusing(Form.FILE, Path.of(json)));
    }
    return all;
  }

  private boolean hasJsonFile() {
    return json != null && !json.equals(STANDARD_OUTPUT);
  }

  private void write(Object result) {
    PrintWriter out = spec.commandLine().getOut();
    boolean toFile = hasJsonFile();
    if (toFile) {
      AtomicFiles.write(Path.of(json), json(result));
    }
    if (json == null || toFile) {
      print(result, out);
    } else {
      out.print(json(result));
    }
  }

  /// Returns whether an output exists already and `--replace` was not given. A verb that can reuse
  /// its output compares it then, and reuses it or throws [OutputGuard#refused].
  public final boolean isKept(Path output) {
    return guard.isKept(output);
  }

  /// Returns whether `--replace` was given.
  public final boolean mayReplace() {
    return guard.mayReplace();
  }

  /// Returns whether standard output is for JSON.
  protected final boolean wantsJson() {
    return json != null;
  }

  /// Prints a remark on standard error, unless `--quiet` was given.
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

  /// Prints a failure on standard error, with `--quiet` too.
  public final void error(String text) {
    if (quiet || current == null) {
      err().println(text);
    } else {
      current.line(text);
    }
  }

  private void warn(String text) {
    remark("%s", "duovox: warning: " + Printable.lines(text));
  }

  /// Returns the progress of a new task with a known or unknown (-1) number of items.
  public final Progress progress(String task, long total, String unit) {
    current = quiet ? Progress.none() : Progress.on(err(), task, total, unit);
    return current;
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /// The text of `--version`.
  public static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {Versions.describe()};
    }
  }

  /// Decides whether the word after `--json` is its file.
  ///
  /// `--json=FILE` always names one. After `--json FILE` a verb that takes words of its own (audio
  /// files, a folder) keeps a word that does not end in `.json`: `features --json a.wav` must not
  /// overwrite `a.wav`.
  private static final class JsonFile implements IParameterPreprocessor {
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
      option.setValue(STANDARD_OUTPUT);
      return true;
    }
  }

  /// Passes on what the library logs at level WARNING and above, one line each.
  private static final class WarningHandler extends Handler {
    // Held here: the logging system holds its loggers weakly and would forget the settings.
    private static final Logger LIBRARY = Logger.getLogger("org.duovox");

    private final Consumer<String> lines;

    private WarningHandler(Consumer<String> lines) {
      this.lines = lines;
      setFormatter(new SimpleFormatter());
      setLevel(Level.WARNING);
    }

    /// Sends the library's warnings to `lines` and nowhere else.
    private static void install(Consumer<String> lines) {
      for (Handler handler : LIBRARY.getHandlers()) {
        LIBRARY.removeHandler(handler);
      }
      LIBRARY.setUseParentHandlers(false);
      LIBRARY.addHandler(new WarningHandler(lines));
    }

    @Override
    public void publish(LogRecord message) {
      if (isLoggable(message)) {
        lines.accept(getFormatter().formatMessage(message));
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
