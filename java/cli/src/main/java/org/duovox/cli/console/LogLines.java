package org.duovox.cli.console;

import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/// Shows what the library logs at level WARNING and above as one line each.
final class LogLines extends Handler {
  // Kept here: the logging system holds its loggers weakly and would forget the settings.
  private static final Logger LIBRARY = Logger.getLogger("org.duovox");

  private final Consumer<String> lines;

  private LogLines(Consumer<String> lines) {
    this.lines = lines;
    setFormatter(new SimpleFormatter());
    setLevel(Level.WARNING);
  }

  /// Sends the library's warnings to `lines` and nowhere else.
  static void install(Consumer<String> lines) {
    for (Handler handler : LIBRARY.getHandlers()) {
      LIBRARY.removeHandler(handler);
    }
    LIBRARY.setUseParentHandlers(false);
    LIBRARY.addHandler(new LogLines(lines));
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
