package org.duovox.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.cli.console.FailureHandler;
import org.duovox.cli.console.Interruption;
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
import org.duovox.cli.recipe.ExperimentCommand;
import org.duovox.cli.recipe.ReportCommand;
import org.duovox.cli.recipe.RunCommand;
import org.duovox.cli.units.AlignCommand;
import org.duovox.cli.units.FeaturesCommand;
import org.duovox.cli.units.KMeansCommand;
import org.duovox.cli.units.MergeCommand;
import org.duovox.cli.units.QuantizeCommand;
import org.duovox.io.Decimals;
import org.duovox.io.FileNames;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// Entry point of the `duovox` command: parses the command line, runs the verb, exits with its
/// code.
public final class Main {
  // Fixed: asking the terminal starts a process, which takes longer than the help itself.
  private static final int HELP_WIDTH = 110;

  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
  private static final char REPLACEMENT = '\uFFFD';

  private Main() {}

  /// Runs the command line and exits the JVM with its exit code.
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT); // A decimal point in every locale, for scripts and logs.
    Interruption.watch();
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = FailureHandler.BUG;
    try {
      requireText(args);
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

  /// Refuses arguments, and a current folder, that the JVM could not decode: they have lost bytes,
  /// so a file of that name would not be found, or a wrong one would.
  ///
  /// @param args as the JVM passes them
  /// @throws DuovoxException (USAGE) for an argument; (UNAVAILABLE) for the current folder, or for
  ///   a JVM that was started in a locale other than UTF-8
  private static void requireText(String... args) {
    FileNames.requireText("the current folder", System.getProperty("user.dir"));
    for (int i = 0; i < args.length; i++) {
      FileNames.requireLocale("argument", args[i]);
      if (args[i].indexOf(REPLACEMENT) >= 0) {
        requireUtf8(lastWords(args.length).get(i));
      }
    }
  }

  /// Returns the last words of the process's command line, undecoded.
  private static List<byte[]> lastWords(int count) {
    List<byte[]> words = new ArrayList<>();
    try {
      byte[] all = Files.readAllBytes(COMMAND_LINE);
      int begin = 0;
      for (int i = 0; i < all.length; i++) {
        if (all[i] == 0) {
          words.add(Arrays.copyOfRange(all, begin, i));
          begin = i + 1;
        }
      }
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + COMMAND_LINE, e);
    }
    return words.subList(words.size() - count, words.size());
  }

  private static void requireUtf8(byte[] word) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(word));
    } catch (CharacterCodingException e) {
      throw new DuovoxException(
          Kind.USAGE,
          "the argument %s is not UTF-8; rename the file, or name the folder it is in"
              .formatted(FileNames.escaped(word)),
          e);
    }
  }

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
        ExperimentCommand.class,
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
        DoctorCommand.class
      })
  static final class DuovoxCommand implements Runnable {
    @Spec private CommandSpec spec;

    /// Prints the list of verbs when none is given.
    @Override
    public void run() {
      spec.commandLine().usage(spec.commandLine().getOut());
    }
  }
}
