package org.duovox.cli.console;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.util.Arrays;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.manifest.Printable;
import org.duovox.io.FileNames;
import org.duovox.recipe.RunStopped;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Turns an exception into one line on standard error and a documented exit code; a stack trace
/// follows only for bugs and with `--debug`.
public final class FailureHandler implements IExecutionExceptionHandler {
  /// Exit code of a bug in Duovox.
  public static final int BUG = 1;

  /// Exit code after Ctrl-C.
  static final int INTERRUPTED = 130;

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    return report(failure, command.getErr(), wantsTrace(parsed));
  }

  /// Prints what failed, flushes, and returns the exit code.
  public static int report(Throwable failure, PrintWriter err, boolean wantsTrace) {
    Throwable cause = cause(failure);
    boolean interrupted = wasInterrupted(cause);
    DuovoxException expected = expected(cause);
    if (interrupted) {
      err.println("duovox: interrupted; what had finished is kept, nothing half-written is left");
    } else if (expected == null) {
      err.println("duovox: this is a bug in Duovox; please report it with the lines below");
    } else {
      err.println("duovox: " + Printable.lines(expected.getMessage()));
    }
    if (wantsTrace || (expected == null && !interrupted)) {
      err.print(trace(cause));
    }
    err.flush(); // The process may end next.
    if (interrupted) {
      return cause instanceof Interruption.Stopped stopped ? stopped.exitCode() : INTERRUPTED;
    }
    return expected == null ? BUG : expected.kind().exitCode();
  }

  /// Prints what is wrong with a command line, a suggestion, and where the help is. Returns the
  /// exit code.
  public static int usage(ParameterException failure, String[] args) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("duovox: " + Printable.lines(failure.getMessage()));
    UnmatchedArgumentException.printSuggestions(failure, err);
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    if (Arrays.asList(args).contains("--debug")) {
      err.print(trace(failure));
      err.flush();
    }
    return Kind.USAGE.exitCode();
  }

  /// Returns what was thrown first, without the wrappers of picocli and of class initialization.
  private static Throwable cause(Throwable failure) {
    boolean wrapper =
        failure instanceof ExecutionException || failure instanceof ExceptionInInitializerError;
    return wrapper && failure.getCause() != null ? cause(failure.getCause()) : failure;
  }

  private static boolean wasInterrupted(Throwable failure) {
    return Interruption.requested()
        || failure instanceof Interruption.Stopped
        || failure instanceof RunStopped;
  }

  /// Returns the failure as a DuovoxException, or null for a bug.
  private static DuovoxException expected(Throwable failure) {
    return switch (failure) {
      case DuovoxException e -> e;
      case Throwable e when DuovoxException.isOutOfFiles(e) ->
          new DuovoxException(
              Kind.RETRY, "the system opens no more files; raise the limit (ulimit -n)", e);
      case UncheckedIOException e -> DuovoxException.io("input or output failed", e.getCause());
      case OutOfMemoryError e -> new DuovoxException(Kind.RETRY, outOfMemory(e.getMessage()), e);
      case InvalidPathException e -> invalidPath(e);
      default -> null;
    };
  }

  /// Names the limit that was met: the JVM's heap, or the system's limit of threads or mappings.
  private static String outOfMemory(String message) {
    String text = String.valueOf(message);
    if (text.contains("native thread")) {
      return "the system gives no more threads (%s); raise the limit of processes (ulimit -u, or that of the container)"
          .formatted(text);
    }
    if (text.contains("Map failed")) {
      return "the system maps no more files (%s); raise the limit of the address space (ulimit -v)"
          .formatted(text);
    }
    return "out of memory (%s); give the JVM more (DUOVOX_JAVA_OPTIONS=-Xmx4g) or use less data"
        .formatted(text);
  }

  private static DuovoxException invalidPath(InvalidPathException failure) {
    try {
      FileNames.requireLocale("a file", failure.getInput());
    } catch (DuovoxException e) {
      return e;
    }
    return DuovoxException.badData("no usable name of a file: " + failure.getMessage(), failure);
  }

  private static boolean wantsTrace(ParseResult parsed) {
    ParseResult innermost = parsed;
    while (innermost.hasSubcommand()) {
      innermost = innermost.subcommand();
    }
    return innermost.hasMatchedOption("--debug") || Boolean.getBoolean("duovox.debug");
  }

  private static String trace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
