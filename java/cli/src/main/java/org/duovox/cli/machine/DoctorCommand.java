package org.duovox.cli.machine;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException.Kind;
import org.duovox.Versions;
import org.duovox.cli.console.Verb;
import org.duovox.cli.console.Verb.Summary;
import org.duovox.cli.machine.Finding.Status;
import org.duovox.report.Wording;
import picocli.CommandLine.Command;

/// `duovox doctor`: checks what Duovox needs and prints where it is, in which version, and what is
/// missing.
@Command(
    name = "doctor",
    description = {
      "Tells what Duovox runs on: what was found, where, in which version, and what is missing.",
      "Ends with 0 when all that is needed is there, else with 69."
    },
    footer = {"  duovox doctor", "  duovox doctor --json doctor.json"})
public final class DoctorCommand extends Verb {
  /// @param ok whether nothing that is needed is missing
  private record Result(boolean ok, String duovox, List<Finding> findings) implements Summary {
    @Override
    public void print(PrintWriter out) {
      List<List<String>> rows = new ArrayList<>();
      findings.forEach(f -> rows.add(List.of(label(f.status()), f.name(), f.found() + place(f))));
      Wording.table(out, rows, false);
      List<Finding> toMend = findings.stream().filter(f -> !f.remedy().isEmpty()).toList();
      if (!toMend.isEmpty()) {
        out.println();
        out.println("To mend:");
        toMend.forEach(f -> out.println("  %s: %s".formatted(f.name(), f.remedy())));
      }
      out.println();
      out.println(ok ? "All that is needed is there." : "Something that is needed is missing.");
    }

    private static String place(Finding finding) {
      return finding.where().isEmpty() ? "" : " (" + finding.where() + ")";
    }

    private static String label(Status status) {
      return switch (status) {
        case OK -> "ok";
        case OPTIONAL -> "--";
        case WARNING -> "WARN";
        case MISSING -> "MISSING";
      };
    }
  }

  @Override
  protected Object execute() {
    List<Finding> findings = new ArrayList<>();
    findings.addAll(HostFindings.runtime());
    findings.addAll(LibraryFindings.all());
    findings.addAll(DownloadFindings.all());
    findings.addAll(HostFindings.resources());
    boolean ok = findings.stream().noneMatch(f -> f.status() == Status.MISSING);
    return new Result(ok, Versions.DUOVOX, List.copyOf(findings));
  }

  @Override
  protected int exitCode(Object result) {
    return ((Result) result).ok() ? 0 : Kind.UNAVAILABLE.exitCode();
  }
}
