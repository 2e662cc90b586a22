package org.duovox.cli.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.duovox.DuovoxException;
import org.duovox.io.FileKind;
import org.duovox.io.FolderAccess;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.atomic.OutputClaim;
import org.duovox.speech.encoders.Encoders;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/// `--replace`, and the one place that decides whether a verb may write to the outputs that its
/// command line names: never over an input, never silently over an existing output.
public final class OutputGuard {
  /// Options that name something to write.
  public static final Set<String> WRITING =
      Set.of(
          "--out",
          "--outputs",
          "--gradients",
          "--plot",
          "--predictions",
          "--csv",
          "--scores",
          "--stages",
          "--json");

  /// What is written. The other one in its place is refused before any work.
  public enum Form {
    FILE,
    FOLDER
  }

  /// What a verb does with an output that exists already.
  enum IfExists {
    /// Refuses it before any work.
    REFUSE,
    /// Compares it with its own input and settings, and reuses or refuses it.
    COMPARE,
    /// Continues in it: a folder that grows over several commands and has rules of its own (a run,
    /// the shards of an extraction).
    CONTINUE
  }

  /// A file or folder that the command line names for a verb to write.
  ///
  /// @param path as the user named it
  /// @param form what the verb writes there
  /// @param ifExists what happens when something exists there and `--replace` was not given
  public record Output(Path path, Form form, IfExists ifExists) {
    /// Returns outputs that are refused when they exist; a null (an option not given) is left out.
    public static List<Output> refusing(Form form, Path... paths) {
      return Arrays.stream(paths)
          .filter(Objects::nonNull)
          .map(path -> new Output(path, form, IfExists.REFUSE))
          .toList();
    }

    /// Returns an output that the verb compares (may be null), and files that are refused.
    public static List<Output> comparing(Form form, Path compared, Path... refused) {
      List<Output> outputs = new ArrayList<>(refusing(Form.FILE, refused));
      if (compared != null) {
        outputs.add(new Output(compared, form, IfExists.COMPARE));
      }
      return outputs;
    }

    /// Returns the folder (may be null) of a verb that continues what exists.
    public static List<Output> continuing(Path folder) {
      return folder == null
          ? List.of()
          : List.of(new Output(folder, Form.FOLDER, IfExists.CONTINUE));
    }
  }

  @Option(
      names = "--replace",
      order = 99,
      description = "Replace outputs that are there already. Without it they are refused.")
  private boolean replace;

  /// Returns whether existing outputs may be replaced.
  boolean mayReplace() {
    return replace;
  }

  /// Returns whether something exists there that may not be replaced.
  boolean isKept(Path output) {
    return !replace && OutputClaim.isTaken(output);
  }

  /// Checks all outputs of a verb before it works, and claims them until the result is closed.
  ///
  /// @throws DuovoxException (CANNOT_CREATE) that says what exists there; (USAGE) for outputs that
  ///   are in each other's way
  Claims claim(CommandSpec spec, List<Output> outputs) {
    Collection<Path> named = inputs(spec);
    named.forEach(FolderAccess::requireOpen);
    Collection<Path> inputs = named.stream().filter(Files::exists).toList();
    requireApart(outputs);
    for (Output output : outputs) {
      requireForm(output);
      if (!AtomicFiles.isSpecial(output.path())) {
        requireNoInput(output, inputs);
        requireFree(output);
        requirePlace(output);
      }
    }
    Claims claims = new Claims();
    outputs.stream()
        .filter(output -> output.ifExists() != IfExists.CONTINUE)
        .filter(output -> !AtomicFiles.isSpecial(output.path()))
        .forEach(output -> claims.taken.add(OutputClaim.of(output.path(), replace)));
    return claims;
  }

  /// The claims of one verb on its outputs; closing gives them up.
  static final class Claims implements AutoCloseable {
    private final List<OutputClaim> taken = new ArrayList<>();

    @Override
    public void close() {
      taken.forEach(OutputClaim::close);
    }
  }

  private static void requireApart(List<Output> outputs) {
    for (int i = 0; i < outputs.size(); i++) {
      for (int k = 0; k < outputs.size(); k++) {
        if (i != k) {
          requireApart(outputs.get(i), outputs.get(k));
        }
      }
    }
  }

  /// Refuses an output inside another one: a folder is written as a whole and replaced as a whole,
  /// so a foreign file in it would be in the way. Only a folder that grows may hold other outputs.
  private static void requireApart(Output output, Output other) {
    Path place = real(output.path());
    Path otherPlace = real(other.path());
    if (place.equals(otherPlace) && !AtomicFiles.isSpecial(output.path())) {
      throw DuovoxException.usage("two outputs are the same file: " + output.path());
    }
    boolean grows = other.ifExists() == IfExists.CONTINUE;
    if (place.startsWith(otherPlace) && !place.equals(otherPlace) && !grows) {
      throw DuovoxException.usage(
          "cannot write %s: it would lie in the output %s, which is written as a whole; name another place"
              .formatted(output.path(), other.path()));
    }
  }

  /// Refuses a pipe, and a file in the place of a folder or a folder in that of a file, with or
  /// without `--replace`.
  private static void requireForm(Output output) {
    AtomicFiles.requireNoPipe(output.path());
    AtomicFiles.followLink(output.path());
    if (output.form() == Form.FOLDER) {
      AtomicFiles.requireNoFile(output.path());
    } else {
      AtomicFiles.requireNoFolder(output.path());
    }
  }

  private void requireFree(Output output) {
    if (output.ifExists() == IfExists.REFUSE && isKept(output.path())) {
      throw refused(output.path(), "");
    }
    if (replace && output.form() == Form.FOLDER && output.ifExists() != IfExists.CONTINUE) {
      AtomicFiles.requireReplaceable(output.path());
    }
  }

  /// Refuses before the work what could not be written after it.
  private void requirePlace(Output output) {
    boolean replaced = replace && output.ifExists() == IfExists.REFUSE;
    if (replaced || !Files.exists(output.path())) {
      AtomicFiles.requirePlace(output.path());
    }
  }

  /// Returns the failure for an output that exists already and is not replaced; it describes what
  /// exists.
  ///
  /// @param difference why it is not reused; "" when it was not compared
  /// @throws DuovoxException when `--replace` would not be allowed there either
  public static DuovoxException refused(Path output, String difference) {
    if (Files.isDirectory(output)) {
      AtomicFiles.requireReplaceable(output); // Do not advise --replace in vain.
    }
    return refusedFolder(output, difference);
  }

  /// The same for a folder that `--replace` does not replace as a whole.
  public static DuovoxException refusedFolder(Path output, String difference) {
    return DuovoxException.cannotCreate(
        "%s is there already: %s%s; name another output, or replace it with --replace"
            .formatted(
                output,
                ExistingOutput.describe(output),
                difference.isEmpty() ? "" : ". It is not reused: " + difference),
        null);
  }

  private static void requireNoInput(Output written, Collection<Path> inputs) {
    Path output = written.path();
    Path place = real(output);
    for (Path input : inputs) {
      Path read = real(input);
      if (read.equals(place)) {
        throw DuovoxException.cannotCreate(
            "cannot write %s: it is an input of this command; name another output"
                .formatted(output),
            null);
      }
      if (place.startsWith(read) && Files.isRegularFile(place) && !isPage(place)) {
        throw DuovoxException.cannotCreate(
            "cannot write %s: it is a file of the input %s; name another output"
                .formatted(output, input),
            null);
      }
      if (read.startsWith(place) && written.ifExists() != IfExists.CONTINUE) {
        throw DuovoxException.cannotCreate(
            "cannot write %s: the input %s lies in it; name another output"
                .formatted(output, input),
            null);
      }
    }
  }

  /// Returns whether a file is a report or a picture, which verbs write into the folders that they
  /// describe.
  private static boolean isPage(Path file) {
    return EnumSet.of(FileKind.HTML, FileKind.IMAGE, FileKind.XML).contains(FileKind.of(file))
        || file.toString().endsWith(".svg");
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) { // Does not exist, or cannot be read.
      Path absolute = path.toAbsolutePath().normalize();
      Path parent = absolute.getParent();
      return parent == null ? absolute : real(parent).resolve(absolute.getFileName());
    }
  }

  /// Returns every file and folder that the command line names to read, whether it exists or not.
  private static Collection<Path> inputs(CommandSpec spec) {
    List<Path> inputs = new ArrayList<>();
    for (ArgSpec argument : spec.args()) {
      boolean written = argument instanceof OptionSpec o && WRITING.contains(o.longestName());
      Object value = written ? null : argument.getValue();
      for (Object each : value instanceof Collection<?> many ? many : listOf(value)) {
        path(argument, each).ifPresent(inputs::add);
      }
    }
    return inputs;
  }

  private static List<Object> listOf(Object value) {
    return value == null ? List.of() : List.of(value);
  }

  /// Returns the path in a value: the value itself, or that in texts such as `[LAYER=]FILE` and
  /// `NAME|DIR`.
  private static Optional<Path> path(ArgSpec argument, Object value) {
    if (value instanceof Path path) {
      return Optional.of(path);
    }
    boolean names = argument.paramLabel().matches(".*(FILE|DIR|K=V).*");
    if (value instanceof String text && names && !Encoders.NAMES.contains(text)) {
      String named = text.substring(text.indexOf('=') + 1);
      return named.isBlank() ? Optional.empty() : Optional.of(Path.of(named));
    }
    return Optional.empty();
  }
}
