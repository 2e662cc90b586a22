package org.duovox.cli.machine;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.cli.console.HomeFolder;
import org.duovox.cli.console.Interruption;
import org.duovox.cli.console.Verb;
import org.duovox.cli.console.Verb.Summary;
import org.duovox.io.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `duovox fetch`: runs `scripts/fetch`, which downloads by package name, checks and installs.
@Command(
    name = "fetch",
    description = {
      "Downloads what Duovox does not carry, checks it and installs it.",
      "",
      "Everything is fetched by package name, compared with a pinned SHA-256 and installed into the"
          + " cache",
      "($${XDG_CACHE_HOME:-~/.cache}/duovox). What is there already is not fetched again."
    },
    footer = {
      "  duovox fetch speech-embedding",
      "  duovox fetch libtorch --check",
      "  duovox fetch libtorch --find-links wheels/     (no network: wheels from a folder)"
    })
public final class FetchCommand extends Verb {
  /// What can be fetched.
  enum What {
    LIBTORCH,
    SPEECH_EMBEDDING,
    CUDA,
    CLANG_FORMAT;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// @param report what the script printed as JSON; null when it printed for people
  private record Outcome(int code, Object report) implements Summary {
    @Override
    public void print(PrintWriter out) {
      // The script has printed all.
    }
  }

  @Parameters(index = "0", paramLabel = "WHAT", description = "One of ${COMPLETION-CANDIDATES}.")
  private What what;

  @Option(names = "--check", description = "Only tell what is there; fetch nothing.")
  private boolean check;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "Install into DIR instead of the cache.")
  private Path cache;

  @Option(
      names = "--find-links",
      paramLabel = "DIR",
      description = "A folder with wheels; may be given several times.")
  private List<Path> findLinks = List.of();

  @Override
  protected Object execute() {
    Path script = HomeFolder.script("fetch");
    requirePython();
    List<String> command = new ArrayList<>(List.of(script.toString(), what.toString()));
    if (check) {
      command.add("--check");
    }
    if (cache != null) {
      command.addAll(List.of("--cache", cache.toString()));
    }
    findLinks.forEach(folder -> command.addAll(List.of("--find-links", folder.toString())));
    return wantsJson() ? capture(command) : inherit(command);
  }

  @Override
  protected String json(Object result) {
    return Json.pretty(((Outcome) result).report());
  }

  @Override
  protected int exitCode(Object result) {
    return ((Outcome) result).code();
  }

  /// Returns where a program is on PATH.
  static Optional<Path> onPath(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, program))
        .filter(path -> Files.isExecutable(path) && !Files.isDirectory(path))
        .findFirst();
  }

  private static void requirePython() {
    if (onPath("python3").isPresent()) {
      return;
    }
    throw DuovoxException.unavailable(
        "no python3 on PATH: 'duovox fetch' needs Python 3.9 or newer with pip (Debian packages:"
            + " python3, python3-pip)");
  }

  private Outcome inherit(List<String> command) {
    return new Outcome(run(new ProcessBuilder(command).inheritIO(), new StringBuilder()), null);
  }

  private Outcome capture(List<String> command) {
    command.add("--json");
    StringBuilder text = new StringBuilder();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    int code = run(builder, text);
    if (text.toString().isBlank()) {
      throw DuovoxException.unavailable(
          "scripts/fetch %s said nothing and ended with %d".formatted(what, code));
    }
    return new Outcome(code, Json.parse(text.toString(), Object.class, "scripts/fetch"));
  }

  /// Runs the script to its end and returns its exit code; ends it when Duovox is asked to end.
  ///
  /// @param text receives standard output when it is piped
  private static int run(ProcessBuilder builder, StringBuilder text) {
    Process process = null;
    try {
      process = builder.start();
      // Wait before reading: one JSON object fits the pipe, and only waiting can be interrupted.
      int code = process.waitFor();
      if (builder.redirectOutput().equals(ProcessBuilder.Redirect.PIPE)) {
        InputStream stream = process.getInputStream();
        text.append(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
      }
      return code;
    } catch (IOException e) {
      throw DuovoxException.io("cannot run " + builder.command().getFirst(), e);
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new Interruption.Stopped();
    }
  }
}
