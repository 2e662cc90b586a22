package org.duovox.cli.console;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.util.Arrays;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.io.FileNames;
import org.duovox.recipe.RunStopped;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Turns exceptions into one clear line and a documented exit code; a stack trace is for bugs and
/// for `--debug`.
public final class Failures implements IExecutionExceptionHandler {
  /// Exit code of a failure that is Duovox's own fault.
  public static final int BUG = 1;

  /// Exit code after Ctrl-C.
  static final int INTERRUPTED = 130;

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    return report(failure, command.getErr(), wantsTrace(parsed));
  }

  /// Says what failed, all of it before it returns, and gives the exit code.
  public static int report(Throwable failure, PrintWriter err, boolean wantsTrace) {
    Throwable cause = cause(failure);
    boolean interrupted = wasInterrupted(cause);
    DuovoxException known = known(cause);
    if (interrupted) {
      err.println("duovox: interrupted; what had finished is kept, nothing half-written is left");
    } else if (known == null) {
      err.println("duovox: this is a bug in Duovox; please report it with the lines below");
    } else {
      err.println("duovox: " + known.getMessage());
    }
    if (wantsTrace || (known == null && !interrupted)) {
      err.print(trace(cause));
    }
    err.flush(); // The process may end next.
    if (interrupted) {
      return cause instanceof Interruption.Stopped stopped ? stopped.exitCode() : INTERRUPTED;
    }
    return known == null ? BUG : known.kind().exitCode();
  }

  /// A command line that cannot be understood: what is wrong, a suggestion, and where the help is.
  public static int usage(ParameterException failure, String[] args) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("duovox: " + failure.getMessage());
    UnmatchedArgumentException.printSuggestions(failure, err);
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    if (Arrays.asList(args).contains("--debug")) {
      err.print(trace(failure));
      err.flush();
    }
    return Kind.USAGE.exitCode();
  }

  /// What was thrown first, without the wrappers of picocli and of class initialisation.
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

  /// The failure in the words of Duovox; null for what should not happen.
  private static DuovoxException known(Throwable failure) {
    return switch (failure) {
      case DuovoxException e -> e;
      case Throwable e when DuovoxException.isOutOfFiles(e) ->
          new DuovoxException(
              Kind.RETRY, "the system opens no more files; raise the limit (ulimit -n)", e);
      case UncheckedIOException e -> DuovoxException.io("input or output failed", e.getCause());
      case OutOfMemoryError e -> new DuovoxException(Kind.RETRY, outOf(e.getMessage()), e);
      case InvalidPathException e -> invalidPath(e);
      default -> null;
    };
  }

  /// The JVM runs out of more than its heap: what the system limits is named.
  private static String outOf(String what) {
    String text = String.valueOf(what);
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
