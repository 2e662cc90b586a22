package org.duovox;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;

/// The one exception family of Duovox: every failure that a user can cause or mend carries a
/// [Kind].
///
/// A message says what is wrong, where (file, and line or offset when there is one), and what to do
/// about it.
public class DuovoxException extends RuntimeException {

  /// Classes of failure, each with the exit code that the command line returns for it.
  public enum Kind {
    /// The command line is wrong.
    USAGE(2),
    /// Input exists and is not what it should be.
    BAD_DATA(65),
    /// Input does not exist or cannot be read.
    MISSING_INPUT(66),
    /// Something that is needed is not here: a device, a download, an optional library.
    UNAVAILABLE(69),
    /// The native library failed.
    NATIVE(70),
    /// An output cannot be created.
    CANNOT_CREATE(73),
    /// Reading or writing failed on the way.
    IO(74),
    /// The same command may well work when it is started again.
    RETRY(75),
    /// A training diverged: its losses or weights are not finite any more.
    DIVERGED(76),
    /// A configuration or a recipe is wrong.
    BAD_CONFIG(78);

    private final int exitCode;

    Kind(int exitCode) {
      this.exitCode = exitCode;
    }

    /// The exit code of the process that ends with this kind of failure.
    public int exitCode() {
      return exitCode;
    }
  }

  private static final String OUT_OF_FILES = "too many open files";

  private final Kind kind;

  public DuovoxException(Kind kind, String message) {
    this(kind, message, null);
  }

  public DuovoxException(Kind kind, String message, Throwable cause) {
    super(Objects.requireNonNull(message, "message"), cause);
    // Nothing is wrong with a file that could not be opened because too many others were.
    this.kind = isOutOfFiles(cause) ? Kind.RETRY : Objects.requireNonNull(kind, "kind");
  }

  public final Kind kind() {
    return kind;
  }

  public static DuovoxException usage(String message) {
    return new DuovoxException(Kind.USAGE, message);
  }

  public static DuovoxException badData(String message) {
    return new DuovoxException(Kind.BAD_DATA, message);
  }

  public static DuovoxException badData(String message, Throwable cause) {
    return new DuovoxException(Kind.BAD_DATA, message, cause);
  }

  public static DuovoxException missing(String message) {
    return new DuovoxException(Kind.MISSING_INPUT, message);
  }

  public static DuovoxException unavailable(String message) {
    return new DuovoxException(Kind.UNAVAILABLE, message);
  }

  public static DuovoxException unavailable(String message, Throwable cause) {
    return new DuovoxException(Kind.UNAVAILABLE, message, cause);
  }

  public static DuovoxException config(String message) {
    return new DuovoxException(Kind.BAD_CONFIG, message);
  }

  public static DuovoxException config(String message, Throwable cause) {
    return new DuovoxException(Kind.BAD_CONFIG, message, cause);
  }

  /// Does what may refuse the content of a file without knowing the file: its message then begins
  /// with the file.
  public static <T> T within(Object file, Supplier<T> action) {
    try {
      return action.get();
    } catch (DuovoxException e) {
      throw new DuovoxException(e.kind(), file + ": " + e.getMessage(), e);
    }
  }

  /// Does what may refuse a file that a user can do without: its message then ends with what to do.
  public static <T> T advising(String advice, Supplier<T> action) {
    try {
      return action.get();
    } catch (DuovoxException e) {
      throw new DuovoxException(e.kind(), e.getMessage() + "; " + advice, e);
    }
  }

  /// The same as [#within(Object, Supplier)] without a result.
  public static void runWithin(Object file, Runnable action) {
    within(
        file,
        () -> {
          action.run();
          return null;
        });
  }

  /// A failure of input or output: `what` names the file and the action, the reason is appended in
  /// plain words. An interruption that ended it is RETRY: nothing is wrong with the file.
  public static DuovoxException io(String what, IOException cause) {
    Kind kind = cause instanceof ClosedByInterruptException ? Kind.RETRY : Kind.IO;
    return new DuovoxException(kind, what + ": " + reason(cause), cause);
  }

  /// An output that cannot be created: `what` names it, the reason is appended in plain words.
  public static DuovoxException cannotCreate(String what, Throwable cause) {
    String message = cause == null ? what : what + ": " + reason(cause);
    return new DuovoxException(Kind.CANNOT_CREATE, message, cause);
  }

  /// Whether the limit of open files is what a failure comes from. The Java runtime needs files of
  /// its own at any time, so that it may be an error of a class as well.
  public static boolean isOutOfFiles(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String text = String.valueOf(cause.getMessage());
      if (text.toLowerCase(Locale.ROOT).contains(OUT_OF_FILES)) {
        return true;
      }
    }
    return false;
  }

  /// Plain words for an exception of the file system, whose own message is often only a path.
  public static String reason(Throwable cause) {
    return switch (cause) {
      case ClosedByInterruptException e -> "interrupted; run the command again";
      case AccessDeniedException e ->
          "permission denied for " + e.getFile() + "; check its owner and mode";
      case NoSuchFileException e -> e.getFile() + " does not exist";
      case FileAlreadyExistsException e -> e.getFile() + " exists already";
      case DirectoryNotEmptyException e -> e.getFile() + " is not empty";
      case NotDirectoryException e -> e.getFile() + " is not a folder";
      case ReadOnlyFileSystemException e -> "the file system is read-only; choose another place";
      case FileSystemException e -> fileSystemReason(e);
      default ->
          cause.getMessage() == null
              ? cause.getClass().getSimpleName()
              : withLimit(cause.getMessage());
    };
  }

  private static String fileSystemReason(FileSystemException e) {
    String text = e.getReason() == null ? String.valueOf(e.getMessage()) : e.getReason();
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.contains("no space left")) {
      return "no space left on the device; free some or choose another place";
    }
    if (lower.contains("read-only file system")) {
      return "the file system is read-only; choose another place";
    }
    return withLimit(e.getFile() == null ? text : text + " (" + e.getFile() + ")");
  }

  /// Names the limit of the system that a failure comes from.
  private static String withLimit(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.contains(OUT_OF_FILES)) {
      return text + "; raise the limit (ulimit -n)";
    }
    if (lower.contains("file too large")) {
      return text + "; raise the limit of a file's size (ulimit -f), or choose another file system";
    }
    return text;
  }
}
