package org.duovox.speech;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.file.Path;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;

/// ONNX Runtime as Duovox uses it: quiet, no telemetry, memory that does not grow with the variety
/// of lengths.
final class OnnxRuntime {
  private OnnxRuntime() {}

  /// The process's environment, made on the first call.
  static OrtEnvironment environment() {
    return Holder.ENVIRONMENT;
  }

  /// A session on a graph.
  ///
  /// @throws DuovoxException (BAD_CONFIG) when the runtime cannot compute it
  static OrtSession session(OnnxGraph graph, int threads) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      // A plan is kept for each input shape, and no two utterances have the same.
      options.setMemoryPatternOptimization(false);
      // Waiting threads would take the cores from the ones that decode.
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      // Failures become exceptions with the same text; the runtime need not print them too.
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      return environment().createSession(graph.toBytes(), options);
    } catch (OrtException e) {
      throw DuovoxException.config(
          "%s: ONNX Runtime %s cannot use this model%s: %s"
              .formatted(
                  graph.file(),
                  environment().getVersion(),
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
    static final OrtEnvironment ENVIRONMENT = create();

    private static OrtEnvironment create() {
      OrtEnvironment environment =
          OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "duovox");
      try {
        environment.setTelemetry(false);
      } catch (OrtException e) {
        throw DuovoxException.unavailable("ONNX Runtime cannot be set up: " + text(e), e);
      }
      return environment;
    }
  }
}
