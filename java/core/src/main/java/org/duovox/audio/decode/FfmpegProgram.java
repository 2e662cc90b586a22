package org.duovox.audio.decode;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeLibrary;
import org.duovox.io.CacheDirectory;
import org.duovox.io.Mounts;

/// The FFmpeg program: the one of `-Dduovox.ffmpeg=FILE`, else the one that `org.bytedeco:ffmpeg`
/// on the class path packages.
///
/// The package is an optional dependency, hence the reflection. It is unpacked once, into Duovox's
/// cache folder unless `org.bytedeco.javacpp.cachedir` says otherwise, and none of it is loaded
/// into this JVM. Its part for sound cards and screens needs the libraries of a desktop, which
/// containers and compute nodes lack; the one beside `libduovox.so` takes its place and needs
/// nothing.
final class FfmpegProgram {
  /// The system property that names another program.
  static final String PROPERTY = "duovox.ffmpeg";

  private static final String CACHE_PROPERTY = "org.bytedeco.javacpp.cachedir";

  private static final String PACKAGED = "org.bytedeco.ffmpeg.ffmpeg";

  private final Path executable;
  private final String libraries;

  private FfmpegProgram(Path executable, String libraries) {
    this.executable = executable;
    this.libraries = libraries;
  }

  /// Finds the program, once per process.
  ///
  /// @throws DuovoxException UNAVAILABLE when there is none
  static FfmpegProgram get() {
    return Holder.INSTANCE.orThrow();
  }

  Path executable() {
    return executable;
  }

  /// A process builder for the program with these arguments, in a minimal environment.
  ProcessBuilder command(List<String> arguments) {
    ProcessBuilder builder = new ProcessBuilder();
    builder.command().add(executable.toString());
    builder.command().addAll(arguments);
    // The packaged libraries find each other through this variable only. Nothing else may steer the
    // child: FFmpeg reads FFREPORT, AV_LOG_FORCE_COLOR and proxy settings.
    builder.environment().keySet().retainAll(Set.of("PATH", "HOME", "TMPDIR"));
    builder.environment().put("LD_LIBRARY_PATH", libraries);
    return builder;
  }

  private static FfmpegProgram find() throws ReflectiveOperationException, IOException {
    String configured = System.getProperty(PROPERTY);
    if (configured != null) {
      Path program = Path.of(configured).toAbsolutePath();
      return new FfmpegProgram(program, String.valueOf(program.getParent()));
    }
    if (System.getProperty(CACHE_PROPERTY) == null) {
      System.setProperty(CACHE_PROPERTY, cache().toString());
    }
    Path folder = unpack();
    Path program = folder.resolve("ffmpeg");
    if (!program.toFile().setExecutable(true) && !Files.isExecutable(program)) {
      throw DuovoxException.unavailable("%s cannot be made executable".formatted(program));
    }
    FfmpegProgram packaged = new FfmpegProgram(program, withoutDevices() + folder);
    packaged.start();
    return packaged;
  }

  /// The folder of the packaged program and its libraries.
  private static Path unpack() throws ReflectiveOperationException {
    Class<?> program = Class.forName(PACKAGED, false, FfmpegProgram.class.getClassLoader());
    Class<?> loader = Class.forName("org.bytedeco.javacpp.Loader");
    Object platform = loader.getMethod("getPlatform").invoke(null);
    Object folder =
        loader
            .getMethod("cacheResource", Class.class, String.class)
            .invoke(null, program, platform + "/");
    if (folder == null) {
      throw new ClassNotFoundException("no FFmpeg for " + platform);
    }
    return ((File) folder).toPath();
  }

  /// The folder of an empty libavdevice, as the begin of a path; empty where there is none.
  private static String withoutDevices() {
    String library = NativeLibrary.file();
    if (library.isEmpty()) {
      return "";
    }
    Path folder = Path.of(library).toAbsolutePath().resolveSibling("ffmpeg");
    return Files.isDirectory(folder) ? folder + ":" : "";
  }

  /// Starts the program once: a library that is missing shows only then.
  private void start() throws IOException {
    Process process = command(List.of("-version")).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException(output.lines().findFirst().orElse("it does not start").strip());
    }
  }

  /// Where to unpack. JavaCPP would go on to the home folder, which it believes to be `./?` when
  /// there is none, and then to the temporary one.
  private static Path cache() {
    Path cache = CacheDirectory.create("javacpp");
    boolean homeless = !System.getProperty("user.home", "").startsWith("/");
    if (homeless && !Files.isWritable(cache)) {
      throw DuovoxException.unavailable(
          "the cache %s cannot be written; %s".formatted(cache, CacheDirectory.REMEDY));
    }
    if (Mounts.forbidExecution(cache)) {
      throw DuovoxException.unavailable(
          "FFmpeg cannot run from the cache %s, which may hold no programs (mounted noexec); %s"
              .formatted(cache, CacheDirectory.REMEDY));
    }
    return cache;
  }

  /// What the one search gave: the program or the reason why there is none.
  private record Search(FfmpegProgram program, Throwable failure) {
    static Search run() {
      try {
        return new Search(find(), null);
      } catch (ReflectiveOperationException | IOException | RuntimeException | LinkageError e) {
        return new Search(null, e);
      }
    }

    FfmpegProgram orThrow() {
      if (failure instanceof DuovoxException known) {
        throw new DuovoxException(known.kind(), known.getMessage(), known);
      }
      if (program == null) {
        throw DuovoxException.unavailable(
            "FFmpeg is not available ("
                + DuovoxException.reason(rootCause(failure))
                + "): add org.bytedeco:ffmpeg"
                + " for this platform to the class path, or set -D"
                + PROPERTY
                + "=FILE to another ffmpeg",
            failure);
      }
      return program;
    }
  }

  private static Throwable rootCause(Throwable failure) {
    return failure.getCause() == null ? failure : rootCause(failure.getCause());
  }

  private static final class Holder {
    static final Search INSTANCE = Search.run();
  }
}
