package org.duovox.cli.console;

import java.io.PrintWriter;

/// The result of a verb: a record for JSON that also knows how to tell people.
public interface Summary {
  void print(PrintWriter out);
}
