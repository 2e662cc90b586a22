package org.duovox.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.recipe.StageCache;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Turns exceptions into one clear line and a documented exit code; a stack trace is for bugs and
/// for `--debug`.
final class Failures implements IExecutionExceptionHandler {
  /// Exit code of a failure that is Duovox's own fault.
  static final int BUG = 1;

  /// Exit code after Ctrl-C.
  static final int INTERRUPTED = 130;

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    Throwable cause = cause(failure);
    if (wasInterrupted(cause)) {
      err.println("duovox: interrupted; what had finished is kept, nothing half-written is left");
      return INTERRUPTED;
    }
    DuovoxException known = known(cause);
    if (known == null) {
      err.println("duovox: this is a bug in Duovox; please report it with the lines below");
      err.print(trace(cause));
      return BUG;
    }
    err.println("duovox: " + known.getMessage());
    if (wantsTrace(parsed)) {
      err.print(trace(cause));
    }
    return known.kind().exitCode();
  }

  /// A command line that cannot be understood: what is wrong, a suggestion, and where the help is.
  static int usage(ParameterException failure, String[] args) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("duovox: " + failure.getMessage());
    UnmatchedArgumentException.printSuggestions(failure, err);
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
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
        || failure instanceof StageCache.Interrupted;
  }

  /// The failure in the words of Duovox; null for what should not happen.
  private static DuovoxException known(Throwable failure) {
    return switch (failure) {
      case DuovoxException e -> e;
      case UncheckedIOException e -> DuovoxException.io("input or output failed", e.getCause());
      case OutOfMemoryError e ->
          new DuovoxException(
              Kind.RETRY,
              "out of memory (%s); give the JVM more (DUOVOX_JAVA_OPTIONS=-Xmx4g) or use less data"
                  .formatted(e.getMessage()),
              e);
      default -> null;
    };
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
