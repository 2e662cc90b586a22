package org.duovox.cli.recipe;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.duovox.DuovoxException;
import org.duovox.cli.console.HomeFolder;
import org.duovox.cli.console.OutputGuard;
import org.duovox.cli.console.OutputGuard.Form;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.cli.console.Verb;
import org.duovox.cli.console.Verb.Summary;
import org.duovox.report.Wording;
import org.duovox.report.assemble.ExperimentReports;
import org.duovox.report.assemble.RecipeReports;
import org.duovox.report.assemble.TrainingReports;
import org.duovox.train.run.RunFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `duovox report`: writes the HTML page of a recipe's run, of an experiment or of trainings,
/// finished or in progress.
@Command(
    name = "report",
    description = {
      "Makes report.html of a folder that 'duovox run', 'duovox demo', 'duovox experiment' or"
          + " 'duovox pretrain' wrote.",
      "",
      "The numbers of a recipe's run and of an experiment come as CSV and JSON into report-data/"
          + " beside the page.",
      "A training run and an experiment may be in progress. Several training runs come into one page, their curves"
          + " in one picture."
    },
    footer = {
      "  duovox report out/",
      "  duovox report run/",
      "  duovox report runs/single-vs-dual/",
      "  duovox report fp32/ bf16/ --out both.html"
    })
public final class ReportCommand extends Verb {
  @Parameters(
      arity = "1..*",
      paramLabel = "DIR",
      description =
          "Output folder of 'duovox run' or 'duovox experiment', or one or several of 'duovox"
              + " pretrain'.")
  private List<Path> folders;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Page to write. Default: report.html in the folder; needed for several folders.")
  private Path out;

  @Option(
      names = "--base",
      paramLabel = "FOLDER",
      description =
          "Folder of the recipe, where its relative paths start; only the waveform needs it.")
  private Path base;

  private record Result(String report, long bytes) implements Summary {
    @Override
    public void print(PrintWriter out) {
      out.println("wrote " + report + " (" + Wording.bytes(bytes) + ")");
    }
  }

  @Override
  public List<Output> outputs() {
    return isOwnPage() ? List.of() : Output.refusing(Form.FILE, out);
  }

  @Override
  protected Object execute() {
    Path page = folders.size() == 1 ? writeOne(folders.getFirst()) : writeSeveral();
    return new Result(page.toString(), page.toFile().length());
  }

  /// Returns whether the page is report.html in the run's own folder, which is written anew each
  /// time.
  private boolean isOwnPage() {
    return out != null
        && folders != null
        && folders.size() == 1
        && out.equals(folders.getFirst().resolve(RecipeReports.PAGE));
  }

  private Path writeOne(Path folder) {
    Path page = out == null ? folder.resolve(RecipeReports.PAGE) : out;
    requireFreeData(page);
    if (ExperimentReports.isExperiment(folder)) {
      ExperimentReports.write(folder, page);
    } else if (Files.isRegularFile(folder.resolve("results.json"))) {
      RecipeReports.write(folder, bases(base), Set.of(), page);
    } else if (RunFolder.hasRecord(folder)) {
      TrainingReports.write(folders, page);
    } else {
      throw DuovoxException.missing(
          ("%s has no results.json (of 'duovox run', when it has ended), no experiment.json (of"
                  + " 'duovox experiment') and no train.json (of 'duovox pretrain')")
              .formatted(folder));
    }
    return page;
  }

  /// Refuses to write numbers beside a page of another name where such a folder is already.
  private void requireFreeData(Path page) {
    Path data = RecipeReports.data(page);
    if (!isOwnPage() && out != null && Files.exists(data) && !mayReplace()) {
      throw OutputGuard.refusedFolder(data, "");
    }
  }

  /// Returns folders that the relative paths of a recipe may start from, likeliest first.
  ///
  /// @param base folder of the recipe, or null when it is not known
  static List<Path> bases(Path base) {
    List<Path> bases = new ArrayList<>();
    if (base != null) {
      bases.add(base);
    }
    bases.add(Path.of(""));
    String home = System.getProperty(HomeFolder.PROPERTY, "");
    if (!home.isEmpty()) {
      bases.add(Path.of(home, "recipes"));
      bases.add(Path.of(home));
    }
    return bases;
  }

  private Path writeSeveral() {
    if (out == null) {
      throw DuovoxException.usage("several runs make one page: name it with --out FILE");
    }
    TrainingReports.write(folders, out);
    return out;
  }
}
