package org.duovox.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.cli.console.Failures;
import org.duovox.cli.console.Interruption;
import org.duovox.io.Decimals;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/// Entry point of the `duovox` command.
public final class Main {
  private Main() {}

  /// Runs the command line and ends the JVM with its exit code.
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT); // Figures are for scripts and logs too: always a decimal point.
    Interruption.watch();
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = Failures.BUG;
    try {
      Arguments.requireText(args);
      code = run(out, err, args);
    } catch (RuntimeException | Error e) { // Before a verb began, or in what reports its failures.
      code = Failures.report(e, err, List.of(args).contains("--debug"));
    } finally {
      out.flush();
      err.flush();
      Interruption.finish(code);
    }
  }

  /// Runs the command line with the given streams; for tests and for [#main].
  static int run(PrintWriter out, PrintWriter err, String... args) {
    int code = commandLine().setOut(out).setErr(err).execute(args);
    if (!out.checkError()) {
      return code;
    }
    String text = "what was to be told could not be written to standard output";
    return Failures.report(new DuovoxException(Kind.IO, text), err, false);
  }

  public static CommandLine commandLine() {
    return new CommandLine(new DuovoxCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedOptionsAllowed(false)
        .setUsageHelpWidth(HELP_WIDTH)
        .registerConverter(Double.class, Main::decimal)
        .registerConverter(double.class, Main::decimal)
        .setExecutionExceptionHandler(new Failures())
        .setParameterExceptionHandler(Failures::usage);
  }

  private static Double decimal(String text) {
    return Decimals.parse(text)
        .orElseThrow(() -> new TypeConversionException("'" + text + "' is not a decimal number"));
  }

  // Fixed: asking the terminal starts a process, which takes longer than the help itself.
  private static final int HELP_WIDTH = 110;
}
