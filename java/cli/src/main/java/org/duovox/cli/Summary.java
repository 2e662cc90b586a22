package org.duovox.cli;

import java.io.PrintWriter;

/// The result of a verb: a record for JSON that also knows how to tell people.
interface Summary {
  void print(PrintWriter out);
}
