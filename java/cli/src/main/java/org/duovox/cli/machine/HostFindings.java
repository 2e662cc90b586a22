package org.duovox.cli.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.duovox.DuovoxException;
import org.duovox.internal.LinkerEnvironment;
import org.duovox.io.CacheDirectory;
import org.duovox.io.Mounts;
import org.duovox.report.Wording;

/// Checks of `duovox doctor` on the machine and the Java runtime.
final class HostFindings {
  private static final long GIB = 1L << 30;
  private static final long NEEDED_MEMORY = 4 * GIB;
  private static final long NEEDED_DISK = 2 * GIB;
  private static final long NEEDED_FILES = 1024;
  private static final Set<String> SHOWN_FLAGS =
      Set.of(
          "avx2", "avx512f", "avx512_bf16", "avx512_vnni", "amx_tile", "amx_bf16", "asimd", "bf16");

  private HostFindings() {}

  static List<Finding> runtime() {
    return List.of(
        java(Runtime.version(), System.getProperty("java.home")),
        python(),
        speech("flite"),
        speech("espeak-ng"));
  }

  static List<Finding> resources() {
    Path here = Path.of("").toAbsolutePath();
    return List.of(
        cpu(),
        memory(),
        Finding.ok("Java heap", "at most " + Wording.bytes(Runtime.getRuntime().maxMemory()), ""),
        addressSpace(),
        cacheDisk(),
        disk("disk, here", here, "work in another folder, or change its mode"),
        temporaryFolder(Path.of(System.getProperty("java.io.tmpdir"))),
        openFiles());
  }

  /// Checks for the first releases of Java 25, whose just-in-time compiler has faults.
  static Finding java(Runtime.Version version, String home) {
    boolean faulty = version.feature() == 25 && version.interim() == 0 && version.update() < 3;
    return faulty
        ? Finding.warning(
            "JDK",
            version.toString(),
            home,
            "25.0.0 to 25.0.2 have compiler faults: install 25.0.3 or newer")
        : Finding.ok("JDK", version.toString(), home);
  }

  private static Finding python() {
    return FetchCommand.onPath("python3")
        .map(path -> Finding.ok("python3", "runs 'duovox fetch'", path))
        .orElse(
            Finding.optional(
                "python3", "not on PATH", "install python3 3.9 or newer to use 'duovox fetch'"));
  }

  /// Looks for a program that speaks, and does not start it: espeak-ng leaves files behind.
  private static Finding speech(String program) {
    return FetchCommand.onPath(program)
        .map(path -> Finding.ok(program, "speaks for 'duovox make-world'", path))
        .orElse(
            Finding.optional(
                program,
                "not on PATH",
                "install it to make speech with 'duovox make-world' (Debian: apt install %s)"
                    .formatted(program)));
  }

  private static Finding cpu() {
    String info = read(Path.of("/proc/cpuinfo"));
    String model = value(info, "model name");
    Set<String> flags =
        new TreeSet<>(
            Arrays.asList((value(info, "flags") + " " + value(info, "Features")).split(" ")));
    flags.retainAll(SHOWN_FLAGS);
    String cores = Wording.count(Runtime.getRuntime().availableProcessors(), "core");
    String features = flags.isEmpty() ? "no vector extensions known" : String.join(" ", flags);
    return Finding.ok("CPU", cores + ", " + features, model);
  }

  private static Finding memory() {
    String info = read(Path.of("/proc/meminfo"));
    long total = kilobytes(info, "MemTotal");
    long available = kilobytes(info, "MemAvailable");
    long limit = number(read(Path.of("/sys/fs/cgroup/memory.max")).strip());
    if (limit > 0 && limit < total) {
      available =
          Math.min(
              available, limit - number(read(Path.of("/sys/fs/cgroup/memory.current")).strip()));
      total = limit;
    }
    String found = Wording.bytes(total) + ", " + Wording.bytes(available) + " available";
    return available < NEEDED_MEMORY && total > 0
        ? Finding.warning("memory", found, "", "close other programs: the recipes take up to 4 GiB")
        : Finding.ok("memory", found, "");
  }

  private static Finding addressSpace() {
    return LinkerEnvironment.addressSpaceLimit()
        .map(limit ->
            Finding.warning(
                "address space",
                "at most " + Wording.bytes(number(limit)),
                "",
                "ulimit -v unlimited: the JVM and libtorch map far more than they use"))
        .orElse(Finding.ok("address space", "no limit", ""));
  }

  private static Finding cacheDisk() {
    try {
      Path cache = CacheDirectory.path();
      return Mounts.forbidExecution(cache)
          ? Finding.warning("disk, cache", "mounted noexec", cache, CacheDirectory.REMEDY)
          : disk("disk, cache", cache, CacheDirectory.REMEDY);
    } catch (DuovoxException e) {
      return Finding.missing("disk, cache", "no place for it", "", e.getMessage());
    }
  }

  /// Checks the folder into which ONNX Runtime is unpacked; when it is noexec, the cache is used.
  private static Finding temporaryFolder(Path folder) {
    if (!Files.isWritable(folder)) {
      return Finding.missing(
          "temporary folder", "cannot be written", folder, "set TMPDIR to one that can be");
    }
    String found = Mounts.forbidExecution(folder) ? "mounted noexec; the cache is used" : "usable";
    return Finding.ok("temporary folder", found, folder);
  }

  /// Checks the free space of the file system that holds a folder.
  ///
  /// @param remedy what to do when the folder cannot be written
  private static Finding disk(String name, Path folder, String remedy) {
    Path existing = folder;
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    try {
      long free = Files.getFileStore(existing).getUsableSpace();
      String found = Wording.bytes(free) + " free";
      if (!Files.isWritable(existing)) {
        return Finding.warning(name, "cannot be written", folder, remedy);
      }
      return free < NEEDED_DISK
          ? Finding.warning(
              name,
              found,
              folder,
              "free some space: libtorch alone takes 1.7 GB while it is installed")
          : Finding.ok(name, found, folder);
    } catch (IOException e) {
      return Finding.warning(name, e.toString(), folder, "");
    }
  }

  private static Finding openFiles() {
    String[] limits =
        read(Path.of("/proc/self/limits"))
            .lines()
            .filter(line -> line.startsWith("Max open files"))
            .findFirst()
            .orElse("Max open files 0")
            .split("\\s+");
    long limit = limits[3].equals("unlimited") ? Long.MAX_VALUE : number(limits[3]);
    String found = limits[3];
    return limit > 0 && limit < NEEDED_FILES
        ? Finding.warning("open files", found, "", "ulimit -n " + NEEDED_FILES)
        : Finding.ok("open files", "at most " + found, "");
  }

  /// Returns the text of a small file of the system; "" when it cannot be read.
  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException | SecurityException e) {
      return "";
    }
  }

  private static String value(String text, String key) {
    return text.lines()
        .filter(line -> line.startsWith(key) && line.contains(":"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("");
  }

  private static long kilobytes(String text, String key) {
    return 1024 * number(value(text, key).replace("kB", "").strip());
  }

  private static long number(String text) {
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }
}
