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

/// Which build of Duovox this is, for what must not be shared between two builds of one development
/// version.
///
/// A release is its version. A development version (`-SNAPSHOT`) names any number of builds, so it
/// gets the beginning of a sum over the bytes of what computes: the jars of the library and of its
/// bindings (within a test the folders of their classes) and the native library, not the command
/// line, whose code decides no stage. Jars carry no time of their own, and compilers make the same
/// of the same: a build of the same sources, by the same tools, in the same folder has the same
/// sum. Other sources, options, compilers or folders have another one, even where no result would
/// differ: better to compute once more than to take the results of other code.
public final class BuildIdentity {
  private static final String DEVELOPMENT = "-SNAPSHOT";
  private static final int SHOWN = 12;

  private BuildIdentity() {}

  /// Computed once, when it is first asked for; it takes some hundredths of a second.
  private static final class Here {
    private static final String IDENTITY = of(Versions.DUOVOX, code());
  }

  /// The version, with the sum of the build where it is one of development: `0.2.0` or
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

  /// What results come from. The native library is named when it is there.
  private static List<Path> code() {
    Optional<Path> library =
        Optional.of(NativeLibrary.file())
            .filter(name -> !name.isEmpty())
            .map(Path::of)
            .filter(Files::isRegularFile);
    return Stream.concat(
            Stream.of(Versions.class, Duovox.class).map(BuildIdentity::place).distinct(),
            library.stream())
        .toList();
  }

  private static Path place(Class<?> type) {
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
