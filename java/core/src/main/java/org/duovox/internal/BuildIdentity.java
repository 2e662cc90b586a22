package org.duovox.internal;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.Versions;
import org.duovox.bindings.Duovox;
import org.duovox.io.Hashes;

/// The identity of this build of Duovox, so that two builds of one development version do not share
/// results.
///
/// The identity of a release is its version. A development version (`-SNAPSHOT`) can be any number
/// of builds, so its identity also has the beginning of a SHA-256 sum of the code that computes
/// results: the jars of the library and of its bindings (in a test the folders of their classes)
/// and the native library, but not the command line, which decides no result. Builds are
/// reproducible: the same sources, tools and folder give the same sum. Other sources, options,
/// compilers or folders give another sum, even where no result would differ: computing again is
/// better than taking the results of other code.
public final class BuildIdentity {
  private static final String DEVELOPMENT = "-SNAPSHOT";
  private static final int SHOWN = 12;

  private BuildIdentity() {}

  /// Computed once, on first use; it takes a few hundredths of a second.
  private static final class Here {
    private static final String IDENTITY = of(Versions.DUOVOX, code());
  }

  /// Returns the version, for a development version with the sum of the build: `0.2.0` or
  /// `0.2.0-SNAPSHOT+0123456789ab`.
  public static String here() {
    return Here.IDENTITY;
  }

  /// @param code jars, folders of classes and other files
  static String of(String version, List<Path> code) {
    if (!version.endsWith(DEVELOPMENT)) {
      return version;
    }
    Hashes.Builder sum = Hashes.builder();
    code.stream().map(BuildIdentity::sum).forEach(sum::add);
    return version + "+" + sum.finish().substring(0, SHOWN);
  }

  /// The jars, folders and library that compute results; without the native library when there is
  /// none.
  private static List<Path> code() {
    Optional<Path> library =
        Optional.of(NativeLibrary.file())
            .filter(name -> !name.isEmpty())
            .map(Path::of)
            .filter(Files::isRegularFile);
    return Stream.concat(
            Stream.of(Versions.class, Duovox.class).map(BuildIdentity::location).distinct(),
            library.stream())
        .toList();
  }

  private static Path location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("classes at no usable place", e);
    }
  }

  private static String sum(Path code) {
    return Files.isDirectory(code) ? sumOfFolder(code) : Hashes.sha256(code);
  }

  private static String sumOfFolder(Path folder) {
    Hashes.Builder sum = Hashes.builder();
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .filter(Files::isRegularFile)
          .sorted()
          .forEach(file -> sum.add(folder.relativize(file).toString()).add(Hashes.sha256(file)));
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + folder, e);
    }
    return sum.finish();
  }
}
