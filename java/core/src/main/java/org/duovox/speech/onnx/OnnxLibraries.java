package org.duovox.speech.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.io.CacheDirectory;
import org.duovox.io.Mounts;
import org.duovox.io.atomic.AtomicFiles;

/// ONNX Runtime's native libraries, unpacked from its jar for as long as it takes to load them.
///
/// The runtime itself unpacks into the temporary folder, does not ask whether that may hold
/// programs, and leaves a folder there. Here the temporary folder comes first, the cache second,
/// and nothing stays: a loaded library needs no file.
final class OnnxLibraries implements AutoCloseable {
  private static final String LOCATION = "onnxruntime.native.path";
  private static final String RESOURCES = "/ai/onnxruntime/native/linux-x64/";
  private static final List<String> FILES = List.of("libonnxruntime.so", "libonnxruntime4j_jni.so");

  private final Path folder; // Null when the runtime finds its libraries itself.

  private OnnxLibraries(Path folder) {
    this.folder = folder;
  }

  /// Makes the libraries available to the runtime until it is closed. A user's own
  /// (`-Donnxruntime.native.path=DIR`) are left alone, and so are other platforms.
  ///
  /// @throws DuovoxException (UNAVAILABLE) that names folders and variables when there is no place
  static OnnxLibraries unpack() {
    requireTemporaryFolder();
    Class<?> runtime = ai.onnxruntime.OrtEnvironment.class;
    if (System.getProperty(LOCATION) != null
        || runtime.getResource(RESOURCES + FILES.getLast()) == null) {
      return new OnnxLibraries(null);
    }
    List<String> reasons = new ArrayList<>();
    for (Place place : Place.values()) {
      try {
        return unpack(runtime, place.folder());
      } catch (DuovoxException e) {
        reasons.add(e.getMessage());
      } catch (IOException e) {
        reasons.add(DuovoxException.reason(e));
      }
    }
    throw DuovoxException.unavailable(
        "ONNX Runtime cannot be unpacked: %s; set TMPDIR or XDG_CACHE_HOME to a folder that can be written and that may hold programs"
            .formatted(String.join("; ", reasons)));
  }

  /// Where to unpack, in this order.
  private enum Place {
    TEMPORARY,
    CACHE;

    Path folder() {
      Path folder = this == TEMPORARY ? temporaryFolder() : CacheDirectory.create("onnxruntime");
      if (Mounts.forbidExecution(folder)) {
        throw DuovoxException.unavailable(folder + " may hold no programs (mounted noexec)");
      }
      return folder;
    }
  }

  private static Path temporaryFolder() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  // The runtime makes an empty folder there in any case.
  private static void requireTemporaryFolder() {
    if (!Files.isWritable(temporaryFolder())) {
      throw DuovoxException.unavailable(
          "the temporary folder %s cannot be written; set TMPDIR to one that can be"
              .formatted(temporaryFolder()));
    }
  }

  private static OnnxLibraries unpack(Class<?> runtime, Path place) throws IOException {
    Path folder = AtomicFiles.temporarySibling(place.resolve("onnxruntime"));
    OnnxLibraries libraries = new OnnxLibraries(folder);
    try {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      for (String file : FILES) {
        try (InputStream content = runtime.getResourceAsStream(RESOURCES + file)) {
          Files.copy(content, folder.resolve(file));
        }
      }
    } catch (IOException e) {
      libraries.close();
      throw e;
    }
    System.setProperty(LOCATION, folder.toString());
    return libraries;
  }

  /// Where the libraries are, for messages.
  @Override
  public String toString() {
    return folder == null ? System.getProperty(LOCATION, "" + temporaryFolder()) : "" + folder;
  }

  @Override
  public void close() {
    if (folder != null) {
      System.clearProperty(LOCATION);
      AtomicFiles.discard(folder);
    }
  }
}
