package org.duovox.audio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.duovox.DuovoxException;
import org.duovox.io.CacheDirectory;
import org.duovox.io.Mounts;

/// The FFmpeg program: the one of `-Dduovox.ffmpeg=FILE`, else the one that `org.bytedeco:ffmpeg`
/// on the class path packages.
///
/// The package is an optional dependency, hence the reflection. It is unpacked once, into Duovox's
/// cache folder unless `org.bytedeco.javacpp.cachedir` says otherwise.
final class FfmpegProgram {
  /// The system property that names another program.
  static final String PROPERTY = "duovox.ffmpeg";

  private static final String CACHE_PROPERTY = "org.bytedeco.javacpp.cachedir";

  private final Path executable;

  private FfmpegProgram(Path executable) {
    this.executable = executable;
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
    // child: FFmpeg reads
    // FFREPORT, AV_LOG_FORCE_COLOR and proxy settings.
    builder.environment().keySet().retainAll(Set.of("PATH", "HOME", "TMPDIR"));
    builder.environment().put("LD_LIBRARY_PATH", String.valueOf(executable.getParent()));
    return builder;
  }

  private static FfmpegProgram find() throws ReflectiveOperationException, IOException {
    String configured = System.getProperty(PROPERTY);
    if (configured != null) {
      return new FfmpegProgram(Path.of(configured).toAbsolutePath());
    }
    if (System.getProperty(CACHE_PROPERTY) == null) {
      System.setProperty(CACHE_PROPERTY, cache().toString());
    }
    Class<?> program = Class.forName("org.bytedeco.ffmpeg.ffmpeg");
    Class<?> loader = Class.forName("org.bytedeco.javacpp.Loader");
    Object path = loader.getMethod("load", Class.class).invoke(null, program);
    return new FfmpegProgram(Path.of((String) path));
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
                + "=FILE",
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
