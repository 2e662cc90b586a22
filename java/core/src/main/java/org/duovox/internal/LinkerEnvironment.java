package org.duovox.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.io.CacheDirectory;
import org.duovox.io.Mounts;

/// Finds what in the environment of the process can prevent the loading of native libraries: other
/// files of the same names that the dynamic linker finds first, a limit of the address space, a
/// file system mounted with `noexec`.
public final class LinkerEnvironment {
  // What libduovox.so and libtorch load, without the C library itself.
  private static final List<String> LIBRARIES =
      List.of(
          "libtorch_cpu.so",
          "libtorch_cuda.so",
          "libtorch.so",
          "libc10.so",
          "libc10_cuda.so",
          "libstdc++.so.6",
          "libgcc_s.so.1",
          "libgomp.so.1",
          "libcudart.so.13",
          "libcupti.so.13");
  private static final String UNMAPPED = "failed to map segment";

  /// A library that the dynamic linker finds before Duovox's own.
  ///
  /// @param file of the library
  /// @param variable of the environment that leads to it
  public record Precedence(Path file, String variable) {
    @Override
    public String toString() {
      return file + " (" + variable + ")";
    }
  }

  private LinkerEnvironment() {}

  /// Returns the libraries that variables of the environment put before Duovox's own.
  public static List<Precedence> overrides() {
    return overrides(System.getenv());
  }

  static List<Precedence> overrides(Map<String, String> environment) {
    List<Precedence> earlier = new ArrayList<>();
    paths(environment, "LD_PRELOAD", "[ :]")
        .filter(file -> LIBRARIES.contains(String.valueOf(file.getFileName())))
        .filter(Files::exists)
        .forEach(file -> earlier.add(new Precedence(file, "LD_PRELOAD")));
    List<Path> folders = paths(environment, "LD_LIBRARY_PATH", "[:;]").toList();
    for (String library : LIBRARIES) {
      folders.stream()
          .map(folder -> folder.resolve(library))
          .filter(Files::exists)
          .findFirst()
          .ifPresent(file -> earlier.add(new Precedence(file, "LD_LIBRARY_PATH")));
    }
    return earlier;
  }

  /// Returns why a library could not be loaded and what to do, for the end of a message; empty
  /// where no cause is found.
  ///
  /// @param error what the linker said
  public static Optional<String> explain(String error) {
    return explain(error, System.getenv(), addressSpaceLimit());
  }

  static Optional<String> explain(
      String error, Map<String, String> environment, Optional<String> limit) {
    if (error.contains(UNMAPPED)) {
      Optional<Path> folder = folderOf(error).filter(Mounts::forbidExecution);
      if (folder.isPresent()) {
        return folder.map(LinkerEnvironment::aboutMount);
      }
      if (limit.isPresent()) {
        return limit.map(LinkerEnvironment::aboutLimit);
      }
    }
    if (error.contains("Too many open files")) {
      return Optional.of("raise the limit of open files (ulimit -n)");
    }
    List<Precedence> others = overrides(environment);
    return others.isEmpty() ? Optional.empty() : Optional.of(aboutOverrides(others));
  }

  private static String aboutOverrides(List<Precedence> others) {
    String files = others.stream().map(Precedence::toString).collect(Collectors.joining(", "));
    String variables =
        others.stream().map(Precedence::variable).distinct().collect(Collectors.joining(" and "));
    return "the dynamic linker takes %s before all others; if Duovox was not built with it, take its folder out of %s, or unset it"
        .formatted(files, variables);
  }

  /// Returns the folder of the file that could not be mapped. The linker gives only the name of a
  /// library that it searched for; such libraries are in the cache.
  private static Optional<Path> folderOf(String error) {
    Path file = Path.of(error.substring(0, error.indexOf(": " + UNMAPPED)).replaceAll(".*: ", ""));
    try {
      return Optional.of(file.isAbsolute() ? file.getParent() : CacheDirectory.path());
    } catch (DuovoxException e) {
      return Optional.empty();
    }
  }

  private static String aboutMount(Path folder) {
    return "the file system of %s is mounted noexec, and nothing can be loaded from it; move the folder (the cache: set XDG_CACHE_HOME) to one that may hold programs"
        .formatted(folder);
  }

  private static String aboutLimit(String limit) {
    return "the address space is limited to %s bytes (ulimit -v), too few for the JVM with libtorch; lift the limit (ulimit -v unlimited)"
        .formatted(limit);
  }

  /// Returns the limit of the address space in bytes; empty when there is none.
  public static Optional<String> addressSpaceLimit() {
    try (Stream<String> limits = Files.lines(Path.of("/proc/self/limits"))) {
      return limits
          .filter(line -> line.startsWith("Max address space"))
          .map(line -> line.split("\\s+")[3])
          .filter(limit -> !limit.equals("unlimited"))
          .findFirst();
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }

  /// Returns the paths in a variable; an empty path is the current folder, as for the linker.
  private static Stream<Path> paths(
      Map<String, String> environment, String variable, String separator) {
    String value = environment.getOrDefault(variable, "");
    return value.isEmpty()
        ? Stream.empty()
        : Arrays.stream(value.split(separator, -1)).flatMap(LinkerEnvironment::path);
  }

  private static Stream<Path> path(String text) {
    try {
      return Stream.of(Path.of(text).toAbsolutePath());
    } catch (InvalidPathException e) {
      return Stream.empty(); // Cannot be named in this JVM's charset.
    }
  }
}
