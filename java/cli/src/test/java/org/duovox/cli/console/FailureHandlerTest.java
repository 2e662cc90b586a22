package org.duovox.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedWriter;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.time.zone.ZoneRulesException;
import java.util.ServiceConfigurationError;
import org.duovox.DuovoxException;
import org.duovox.cli.Cli;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class FailureHandlerTest {
  /// A verb that fails as it is told.
  @Command(name = "fail")
  private static final class Failing extends Verb {
    private final Throwable failure;

    Failing(Throwable failure) {
      this.failure = failure;
    }

    @Override
    protected Object execute() {
      if (failure instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) failure;
    }
  }

  /// Through a buffer, as standard error is: what is not flushed is lost with the process.
  private static Cli fail(Throwable failure) {
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(new Failing(failure))
            .setErr(new PrintWriter(new BufferedWriter(err), true))
            .setExecutionExceptionHandler(new FailureHandler())
            .execute();
    return new Cli(code, "", err.toString());
  }

  @Test
  void controlCharactersOfDataDoNotReachTheTerminal() {
    Cli result = fail(DuovoxException.badData("x: its intent '\0\u001b[2J\r\u009b1m'\n  line 2"));
    assertEquals("duovox: x: its intent '\\x00\\x1B[2J\\x0D\\x9B1m'\n  line 2\n", result.err());
    Cli usage = Cli.run("demo", "--\u001b[2J");
    assertFalse(usage.err().contains("\u001b"), usage.err());
  }

  @Test
  void everyKindHasItsCodeAndNoTrace() {
    for (DuovoxException.Kind kind : DuovoxException.Kind.values()) {
      Cli result = fail(new DuovoxException(kind, "what, where, what to do"));
      assertEquals(kind.exitCode(), result.code());
      assertEquals("duovox: what, where, what to do\n", result.err());
    }
  }

  @Test
  void aFailureToLoadTheLibraryKeepsItsWords() {
    Cli result = fail(new ExceptionInInitializerError(DuovoxException.unavailable("not built")));
    assertEquals(69, result.code());
    assertEquals("duovox: not built\n", result.err());
  }

  @Test
  void memoryInputAndInterruptionHaveTheirCodes() {
    Cli memory = fail(new OutOfMemoryError("Java heap space"));
    assertEquals(75, memory.code());
    assertTrue(memory.err().contains("out of memory (Java heap space)"), memory.err());
    assertEquals(74, fail(new UncheckedIOException(new IOException("disk"))).code());
    Cli interrupted = fail(new Interruption.Stopped());
    assertEquals(130, interrupted.code());
    assertFalse(interrupted.err().contains("\tat "), interrupted.err());
  }

  @Test
  void aLimitOfTheSystemIsNamed() {
    Cli threads = fail(new OutOfMemoryError("unable to create native thread: possibly ..."));
    assertEquals(75, threads.code());
    assertTrue(threads.err().contains("ulimit -u"), threads.err());
    assertTrue(fail(new OutOfMemoryError("Map failed")).err().contains("ulimit -v"));
  }

  @Test
  void tooManyOpenFilesAreOneFailureWhereverTheyAreMet() {
    IOException cause = new FileNotFoundException("/jdk/lib/tzdb.dat (Too many open files)");
    Throwable[] failures = {
      new ExceptionInInitializerError(new ZoneRulesException("tzdb.dat", cause)),
      new InternalError(new FileSystemException("a", null, "Too many open files")),
      new ServiceConfigurationError("no provider", cause),
      new UncheckedIOException(cause),
      DuovoxException.io("cannot read a", cause),
      DuovoxException.cannotCreate("cannot create a", cause),
      DuovoxException.unavailable(DuovoxException.reason(cause), cause)
    };
    for (Throwable failure : failures) {
      Cli result = fail(failure);
      assertEquals(75, result.code(), result.err());
      assertTrue(result.err().contains("ulimit -n"), result.err());
      assertFalse(result.err().contains("\tat "), result.err());
    }
  }

  @Test
  void anythingElseIsABugWithItsTrace() {
    for (Throwable failure :
        new Throwable[] {new IllegalStateException("x"), new StackOverflowError()}) {
      Cli result = fail(failure);
      assertEquals(1, result.code());
      assertTrue(result.err().contains("this is a bug in Duovox"), result.err());
      assertTrue(result.err().contains("\tat "), result.err());
    }
  }
}
