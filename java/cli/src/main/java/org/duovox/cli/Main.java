package org.duovox.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.cli.console.FailureHandler;
import org.duovox.cli.console.Interruption;
import org.duovox.io.Decimals;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/// Entry point of the `duovox` command: parses the command line, runs the verb, exits with its code.
public final class Main {
  // Fixed: asking the terminal starts a process, which takes longer than the help itself.
  private static final int HELP_WIDTH = 110;

  private Main() {}

  /// Runs the command line and exits the JVM with its exit code.
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT); // A decimal point in every locale, for scripts and logs.
    Interruption.watch();
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = FailureHandler.BUG;
    try {
      ArgumentEncoding.requireText(args);
      code = run(out, err, args);
    } catch (RuntimeException | Error e) { // Outside of a verb's own error handling.
      code = FailureHandler.report(e, err, List.of(args).contains("--debug"));
    } finally {
      out.flush();
      err.flush();
      Interruption.finish(code);
    }
  }

  /// Runs the command line with the given streams and returns the exit code.
  static int run(PrintWriter out, PrintWriter err, String... args) {
    int code = commandLine().setOut(out).setErr(err).execute(args);
    if (!out.checkError()) {
      return code;
    }
    String text = "what was to be told could not be written to standard output";
    return FailureHandler.report(new DuovoxException(Kind.IO, text), err, false);
  }

  /// Returns the parser of the whole command line.
  static CommandLine commandLine() {
    return new CommandLine(new DuovoxCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedOptionsAllowed(false)
        .setUsageHelpWidth(HELP_WIDTH)
        .registerConverter(Double.class, Main::decimal)
        .registerConverter(double.class, Main::decimal)
        .setExecutionExceptionHandler(new FailureHandler())
        .setParameterExceptionHandler(FailureHandler::usage);
  }

  private static Double decimal(String text) {
    return Decimals.parse(text)
        .orElseThrow(() -> new TypeConversionException("'" + text + "' is not a decimal number"));
  }
}
