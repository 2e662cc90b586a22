package org.duovox.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.bindings.Duovox;
import org.duovox.bindings.duovox_batch;
import org.duovox.bindings.duovox_batch_shape;
import org.duovox.bindings.duovox_encode_request;
import org.duovox.bindings.duovox_encoder_config;
import org.duovox.bindings.duovox_encoder_layer;
import org.duovox.bindings.duovox_forward;
import org.duovox.bindings.duovox_kmeans_config;
import org.duovox.bindings.duovox_kmeans_report;
import org.duovox.bindings.duovox_logmel_config;
import org.duovox.bindings.duovox_model_config;
import org.duovox.bindings.duovox_parameter_info;
import org.duovox.bindings.duovox_ring_config;
import org.duovox.bindings.duovox_runtime_info;
import org.duovox.bindings.duovox_train_config;
import org.duovox.bindings.duovox_train_report;

/// Loads the native library once, before the first call, and compares its version and its structs
/// with those of the bindings.
///
/// The library is the file that `-Dduovox.library=FILE` names (native code: the operator must trust
/// it). Its run path leads to libtorch, so one load pulls in all of it. Two libtorch in one process
/// crash, so another one that is already mapped (DJL, JavaCPP) is refused.
public final class NativeLibrary {
  private static final String PROPERTY = "duovox.library";

  private NativeLibrary() {}

  /// Loads the library when it is first used.
  private static final class Loaded {
    // A failure is kept: a class whose initializer throws would answer the second use with a bare
    // NoClassDefFoundError.
    private static final DuovoxException FAILURE = load();
  }

  /// Returns the file of the library as it is named, "" where none is; does not load it.
  public static String file() {
    return System.getProperty(PROPERTY, "");
  }

  /// Loads the library on the first call; a failure is the same on every further call.
  ///
  /// @throws DuovoxException (UNAVAILABLE) when it is not there, cannot be loaded or is of another
  ///   version
  static void ensureLoaded() {
    DuovoxException failure = Loaded.FAILURE;
    if (failure != null) {
      throw new DuovoxException(failure.kind(), failure.getMessage(), failure);
    }
  }

  private static DuovoxException load() {
    try {
      loadAndCheck();
      return null;
    } catch (DuovoxException e) {
      return e;
    }
  }

  private static void loadAndCheck() {
    String file = file();
    if (file.isEmpty() || !Files.isRegularFile(Path.of(file))) {
      throw DuovoxException.unavailable(
          "the native library is not there: -D%s is '%s'; start Duovox with ./duovox, or build it with mvn package"
              .formatted(PROPERTY, file));
    }
    refuseSecondLibtorch();
    NativeRuntime.setDefaultsBeforeLoading();
    try {
      System.load(Path.of(file).toAbsolutePath().toString());
    } catch (UnsatisfiedLinkError e) {
      String error = String.valueOf(e.getMessage());
      throw DuovoxException.unavailable(
          "the native library cannot be loaded: "
              + error
              + LinkerEnvironment.explain(error).map(why -> "; " + why).orElse(""),
          e);
    }
    checkVersion(file);
    checkLayouts();
    NativeRuntime.setDefaultsAfterLoading();
  }

  private static void refuseSecondLibtorch() {
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      maps.filter(line -> line.contains("libtorch_cpu"))
          .findFirst()
          .ifPresent(line -> {
            throw DuovoxException.unavailable(
                "another libtorch is loaded in this process (%s); two of them crash, so run Duovox in a JVM of its own, without LD_PRELOAD"
                    .formatted(line.substring(line.indexOf('/'))));
          });
    } catch (IOException | java.io.UncheckedIOException e) {
      // No /proc to read: loading itself shows whether it works.
      System.getLogger("org.duovox").log(System.Logger.Level.DEBUG, "no /proc/self/maps", e);
    }
  }

  private static void checkVersion(String file) {
    int version = Duovox.duovox_abi_version();
    if (version != Duovox.DUOVOX_ABI_VERSION()) {
      throw DuovoxException.unavailable(
          "%s speaks version %d of the boundary, this jar version %d: build both from one source"
              .formatted(file, version, Duovox.DUOVOX_ABI_VERSION()));
    }
  }

  private static void checkLayouts() {
    layouts()
        .forEach((id, size) -> {
          long compiled = Duovox.duovox_sizeof(id);
          if (compiled != size.getAsLong()) {
            throw DuovoxException.unavailable(
                "struct %d has %d bytes in the library and %d in the bindings: run bindings/regenerate.sh"
                    .formatted(id, compiled, size.getAsLong()));
          }
        });
  }

  /// The sizes of structs in the bindings, by the struct ids of the header.
  static Map<Integer, LongSupplier> layouts() {
    Map<Integer, LongSupplier> sizes = new LinkedHashMap<>();
    sizes.put(Duovox.DUOVOX_STRUCT_RUNTIME_INFO(), duovox_runtime_info::sizeof);
    sizes.put(Duovox.DUOVOX_STRUCT_LOGMEL_CONFIG(), duovox_logmel_config::sizeof);
    sizes.put(Duovox.DUOVOX_STRUCT_KMEANS_CONFIG(), duovox_kmeans_config::sizeof);
    sizes.put(Duovox.DUOVOX_STRUCT_KMEANS_REPORT(), duovox_kmeans_report::sizeof);
    sizes.put(Duovox.DUOVOX_STRUCT_MODEL_CONFIG(), duovox_model_config::sizeof);
    sizes.put(Duovox.DUOVOX_STRUCT_PARAMETER_INFO(), duovox_parameter_info::sizeof);
    sizes.put(Duovox.DUOVOX_STRUCT_RING_CONFIG(), duovox_ring_config::sizeof);
    sizes.put(Duovox.DUOVOX_STRUCT_BATCH(), duovox_batch::sizeof);
    sizes.put(Duovox.DUOVOX_STRUCT_BATCH_SHAPE(), duovox_batch_shape::sizeof);
    sizes.put(Duovox.DUOVOX_STRUCT_TRAIN_CONFIG(), duovox_train_config::sizeof);
    sizes.put(Duovox.DUOVOX_STRUCT_TRAIN_REPORT(), duovox_train_report::sizeof);
    sizes.put(Duovox.DUOVOX_STRUCT_ENCODER_CONFIG(), duovox_encoder_config::sizeof);
    sizes.put(Duovox.DUOVOX_STRUCT_ENCODER_LAYER(), duovox_encoder_layer::sizeof);
    sizes.put(Duovox.DUOVOX_STRUCT_ENCODE_REQUEST(), duovox_encode_request::sizeof);
    sizes.put(Duovox.DUOVOX_STRUCT_FORWARD(), duovox_forward::sizeof);
    return sizes;
  }
}
