package org.duovox.speech.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.file.Path;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;

/// ONNX Runtime as Duovox sets it up: quiet, without telemetry, with memory that does not grow with
/// the variety of lengths.
final class OnnxRuntime {
  private OnnxRuntime() {}

  /// The process's environment, made on the first call.
  ///
  /// @throws DuovoxException (UNAVAILABLE), the same on every call, when the runtime cannot be
  ///   loaded
  static OrtEnvironment environment() {
    if (Holder.FAILURE != null) {
      throw new DuovoxException(Holder.FAILURE.kind(), Holder.FAILURE.getMessage(), Holder.FAILURE);
    }
    return Holder.ENVIRONMENT;
  }

  /// A session on a graph.
  ///
  /// @throws DuovoxException (BAD_CONFIG) when the runtime cannot compute it
  static OrtSession session(OnnxGraph graph, int threads) {
    // First, because options load the libraries from a place of their own.
    OrtEnvironment environment = environment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      // A plan is kept for each input shape, and no two utterances have the same.
      options.setMemoryPatternOptimization(false);
      // Waiting threads would take the cores from the ones that decode.
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      // Failures become exceptions with the same text; the runtime need not print them too.
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      return environment.createSession(graph.toBytes(), options);
    } catch (OrtException e) {
      throw DuovoxException.config(
          "%s: ONNX Runtime %s cannot use this model%s: %s"
              .formatted(
                  graph.file(),
                  environment.getVersion(),
                  graph.isEdited() ? " with the edits of its config" : "",
                  OnnxRefusal.explain(graph.model(), text(e))),
          e);
    }
  }

  static DuovoxException failure(Path source, OrtException e) {
    return new DuovoxException(Kind.NATIVE, source + ": ONNX Runtime failed: " + text(e), e);
  }

  static void close(OrtSession session, Path source) {
    try {
      session.close();
    } catch (OrtException e) {
      throw failure(source, e);
    }
  }

  private static String text(OrtException e) {
    return String.valueOf(e.getMessage()).strip().replaceAll("\\s+", " ");
  }

  private static final class Holder {
    // A failure is kept: a class whose initializer throws would answer the second use with a bare
    // NoClassDefFoundError.
    static final DuovoxException FAILURE;
    static final OrtEnvironment ENVIRONMENT;

    static {
      OrtEnvironment environment = null;
      DuovoxException failure = null;
      try {
        environment = create();
      } catch (DuovoxException e) {
        failure = e;
      }
      ENVIRONMENT = environment;
      FAILURE = failure;
    }

    private static OrtEnvironment create() {
      try (OnnxLibraries libraries = OnnxLibraries.unpack()) {
        return create(libraries);
      }
    }

    private static OrtEnvironment create(OnnxLibraries libraries) {
      try {
        OrtEnvironment environment =
            OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "duovox");
        environment.setTelemetry(false);
        return environment;
      } catch (OrtException e) {
        throw DuovoxException.unavailable("ONNX Runtime cannot be set up: " + text(e), e);
      } catch (RuntimeException | LinkageError e) {
        throw DuovoxException.unavailable(
            "ONNX Runtime cannot be loaded from %s: %s"
                .formatted(libraries, DuovoxException.reason(rootCause(e))),
            e);
      }
    }

    private static Throwable rootCause(Throwable failure) {
      return failure.getCause() == null ? failure : rootCause(failure.getCause());
    }
  }
}
