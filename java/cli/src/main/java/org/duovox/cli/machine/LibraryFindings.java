package org.duovox.cli.machine;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.internal.LinkerEnvironment;
import org.duovox.internal.NativeLibrary;
import org.duovox.internal.NativeRuntime;
import org.duovox.io.CacheDirectory;
import org.duovox.report.Wording;

/// Checks of `duovox doctor` on the native library, libtorch and CUDA. A library that cannot be
/// loaded is a finding, not a failure.
final class LibraryFindings {
  private static final String BUILD =
      "run ./duovox without DUOVOX_NO_BUILD, which builds it, or mvn package";
  private static final List<String> DRIVER_FOLDERS =
      List.of(
          "/usr/lib/x86_64-linux-gnu",
          "/usr/lib64",
          "/usr/lib",
          "/usr/local/cuda/compat",
          "/usr/lib/wsl/lib");

  private LibraryFindings() {}

  static List<Finding> all() {
    List<Finding> findings = new ArrayList<>();
    String file = NativeLibrary.file();
    NativeRuntime.Info info = null;
    try {
      info = NativeRuntime.info();
      findings.add(Finding.ok("native library", "loaded", file));
    } catch (DuovoxException | LinkageError e) {
      String remedy = LinkerEnvironment.explain(reason(e)).orElse(BUILD);
      findings.add(Finding.missing("native library", reason(e), file, remedy));
    }
    findings.add(info == null ? cachedLibtorch() : libtorch(info));
    findings.add(companions(info != null));
    findings.add(cuda(info));
    return findings;
  }

  private static Finding libtorch(NativeRuntime.Info info) {
    String found =
        Wording.format(
            "%s, %s, %s",
            info.libtorch(), info.cpuCapability(), Wording.count(info.threads(), "thread"));
    String file = mapped("libtorch_cpu.so").map(Path::toString).orElse("");
    return Finding.ok("libtorch", found + others(), file);
  }

  /// Names the working libraries that the environment put before Duovox's own.
  private static String others() {
    List<LinkerEnvironment.Precedence> others = LinkerEnvironment.overrides();
    return others.isEmpty()
        ? ""
        : others.stream()
            .map(LinkerEnvironment.Precedence::toString)
            .collect(Collectors.joining(", ", ", with ", ""));
  }

  private static Finding cachedLibtorch() {
    Path cache;
    try {
      cache = CacheDirectory.path();
    } catch (DuovoxException e) {
      return Finding.missing("libtorch", "neither loaded nor in a cache", "", e.getMessage());
    }
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(cache, "libtorch-*")) {
      for (Path folder : folders) {
        if (Files.isRegularFile(folder.resolve("torch/lib/libtorch_cpu.so"))) {
          String name = folder.getFileName().toString();
          return Finding.ok(
              "libtorch", name.substring("libtorch-".length()) + ", not loaded", folder);
        }
      }
    } catch (IOException e) {
      // No cache folder yet: reported below.
    }
    return Finding.missing(
        "libtorch", "neither loaded nor in the cache", cache, "./duovox fetch libtorch");
  }

  /// Checks the two CUDA libraries that a libtorch for CPU and CUDA loads even without a GPU.
  private static Finding companions(boolean loaded) {
    Optional<Path> runtime = mapped("libcudart.so");
    Optional<Path> cupti = mapped("libcupti.so");
    if (runtime.isPresent() && cupti.isPresent()) {
      String names = runtime.get().getFileName() + ", " + cupti.get().getFileName();
      return Finding.ok("its companions", names, runtime.get().getParent());
    }
    return loaded
        ? Finding.ok("its companions", "not needed by this libtorch (CPU only)", "")
        : Finding.optional("its companions", "known once the library loads", "");
  }

  private static Finding cuda(NativeRuntime.Info info) {
    Optional<Path> driver = driver();
    Optional<Path> part =
        mapped("libtorch_cpu.so")
            .map(cpu -> cpu.resolveSibling("libtorch_cuda.so"))
            .filter(Files::isRegularFile);
    if (driver.isEmpty()) {
      String built = part.isPresent() ? "libtorch has its part" : "libtorch has no part for it";
      return Finding.optional("CUDA", "no driver (libcuda.so.1); " + built, "");
    }
    if (part.isEmpty()) {
      return Finding.optional(
          "CUDA", "driver found; libtorch has no part for it", "./duovox fetch cuda");
    }
    String devices =
        info == null ? "" : ", " + Wording.count(info.cudaDevices(), "device") + " in use";
    return Finding.ok("CUDA", "driver and libtorch_cuda.so found" + devices, driver.get());
  }

  private static Optional<Path> driver() {
    Stream<String> named =
        Arrays.stream(System.getenv().getOrDefault("LD_LIBRARY_PATH", "").split(":"));
    return Stream.concat(named, DRIVER_FOLDERS.stream())
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, "libcuda.so.1"))
        .filter(Files::exists)
        .findFirst();
  }

  /// Returns a file that this process has mapped, by the beginning of its name.
  private static Optional<Path> mapped(String name) {
    return HostFindings.read(Path.of("/proc/self/maps"))
        .lines()
        .filter(line -> line.contains("/" + name))
        .map(line -> Path.of(line.substring(line.indexOf('/'))))
        .findFirst();
  }

  private static String reason(Throwable failure) {
    Throwable cause =
        failure instanceof ExceptionInInitializerError e && e.getCause() != null
            ? e.getCause()
            : failure;
    return String.valueOf(cause.getMessage());
  }
}
