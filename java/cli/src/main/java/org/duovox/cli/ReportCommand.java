package org.duovox.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.duovox.DuovoxException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `duovox report`: makes the page of a finished run again.
@Command(
    name = "report",
    description = "Makes report.html of a folder that 'duovox run' or 'duovox demo' wrote.",
    footer = "  duovox report out/")
final class ReportCommand extends Verb {
  @Parameters(index = "0", paramLabel = "DIR", description = "Output folder of 'duovox run'.")
  private Path run;

  @Option(
      names = "--base",
      paramLabel = "FOLDER",
      description =
          "Folder of the recipe, where its relative paths start; only the waveform needs it.")
  private Path base;

  private record Result(String report, long bytes) implements Summary {
    @Override
    public void print(PrintWriter out) {
      out.println("wrote " + report + " (" + Text.bytes(bytes) + ")");
    }
  }

  @Override
  Object execute() {
    if (!Files.isRegularFile(run.resolve("results.json"))) {
      throw DuovoxException.missing(
          "%s has no results.json: it is no output of 'duovox run', or the run has not ended"
              .formatted(run));
    }
    Path page = ReportAssembler.write(run, base);
    return new Result(page.toString(), page.toFile().length());
  }
}
