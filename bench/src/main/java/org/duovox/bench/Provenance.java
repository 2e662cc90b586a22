package org.duovox.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.duovox.Versions;

/// Where a result comes from: day, sources, machine, versions and settings. No folders, no names of
/// machines or users.
///
/// @param commit with `+` when sources are uncommitted
/// @param flags of every JVM
record Provenance(
    String date,
    String commit,
    String cpu,
    int cores,
    Map<String, String> versions,
    List<String> flags,
    Map<String, String> environment) {
  private static final Pattern JAR = Pattern.compile("(.+?)-(\\d[\\w.]*)(?:-.*)?\\.jar");
  private static final List<String> SHOWN =
      List.of("jmh-core", "pytorch-engine", "pytorch-native-cpu");

  static Provenance here(Path root, String libtorch) {
    Map<String, String> versions = new TreeMap<>(jars(System.getProperty("java.class.path")));
    versions.put("duovox", Versions.DUOVOX);
    versions.put("duovox libtorch", libtorch);
    versions.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
    Map<String, String> environment = new TreeMap<>();
    System.getenv()
        .forEach((name, value) -> {
          if (name.matches("(OMP|GOMP|MKL|KMP|MALLOC)_.*")) {
            environment.put(name, value);
          }
        });
    return new Provenance(
        LocalDate.now(ZoneOffset.UTC).toString(),
        commit(root),
        cpu(read("/proc/cpuinfo")),
        Runtime.getRuntime().availableProcessors(),
        versions,
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> !flag.contains("/"))
            .toList(),
        environment);
  }

  boolean committed() {
    return !commit.endsWith("+");
  }

  /// Returns `DATE-MACHINE`, the name of the files of a result.
  String fileName() {
    return date + "-" + slug(cpu) + "-" + cores + (cores == 1 ? "-core" : "-cores");
  }

  static String cpu(String cpuinfo) {
    return cpuinfo
        .lines()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }

  /// Returns a processor's name in small letters and hyphens, without what they all say.
  static String slug(String cpu) {
    return cpu.toLowerCase(Locale.ROOT)
        .replaceAll("\\((r|tm)\\)|@.*|\\b(cpu|processor|with .*|\\d+-core)\\b", " ")
        .strip()
        .replaceAll("[^a-z0-9]+", "-")
        .replaceAll("^-|-$", "");
  }

  /// Returns the versions of those jars of a class path that a result names.
  static Map<String, String> jars(String classPath) {
    Map<String, String> versions = new TreeMap<>();
    for (String entry : classPath.split(":")) {
      Matcher jar = JAR.matcher(Path.of(entry).getFileName().toString());
      if (jar.matches() && SHOWN.contains(jar.group(1))) {
        versions.put(jar.group(1), jar.group(2));
      }
    }
    return versions;
  }

  private static String commit(Path root) {
    String head = git(root, "rev-parse", "--short=12", "HEAD");
    // Results of an earlier run are no sources.
    String changed = git(root, "status", "--porcelain", "--", ".", ":!bench/results");
    return head.strip() + (changed.isBlank() ? "" : "+");
  }

  private static String git(Path root, String... args) {
    List<String> command =
        Stream.concat(Stream.of("git", "-C", root.toString()), Stream.of(args)).toList();
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? out : "unknown+"; // no repository: nobody can get the sources
    } catch (IOException e) {
      return "unknown+";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
