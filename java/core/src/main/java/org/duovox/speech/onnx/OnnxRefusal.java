package org.duovox.speech.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Explains why ONNX Runtime refuses a model, in words a user can act on: versions newer than those
/// of the runtime, operators it does not have.
final class OnnxRefusal {
  private static final Pattern IR = Pattern.compile("max supported IR version: (\\d+)");
  private static final Pattern OPSET =
      Pattern.compile("Current official support for domain (\\S*) is till opset (\\d+)");
  private static final Pattern UNREGISTERED =
      Pattern.compile(
          "(?:Fatal error: |in file .*)?([\\w.]*):(\\w+)\\(-?\\d+\\) is not a registered");
  private static final Pattern NO_OPERATOR =
      Pattern.compile("No Op registered for (\\w+) with domain_version of (\\d+)");

  private OnnxRefusal() {}

  /// @param text what the runtime said, on one line
  static String explain(ModelProto model, String text) {
    Matcher ir = IR.matcher(text);
    if (ir.find()) {
      return "it has the IR version %d, and the newest that this runtime reads is %s; export it with an older version of the package onnx, or set model.ir_version there and save it again"
          .formatted(model.getIrVersion(), ir.group(1));
    }
    Matcher opset = OPSET.matcher(text);
    if (opset.find()) {
      return "it is written in the opset %d of the domain %s, and the newest that this runtime computes is %s; export it with opset_version=%s"
          .formatted(opset(model, opset.group(1)), opset.group(1), opset.group(2), opset.group(2));
    }
    Matcher unregistered = UNREGISTERED.matcher(text);
    if (unregistered.find()) {
      return operator(model, unregistered.group(2), unregistered.group(1));
    }
    Matcher missing = NO_OPERATOR.matcher(text);
    return missing.find() ? operator(model, missing.group(1), "") : text;
  }

  private static String operator(ModelProto model, String name, String domain) {
    if (domain.isEmpty() || domain.equals("ai.onnx")) {
      return "it uses the operator %s, which the opset %d of ONNX has not; export it again with an opset that has"
          .formatted(name, opset(model, "ai.onnx"));
    }
    return "it uses the operator %s of the domain %s, which is not part of ONNX Runtime; export it without operators of its own"
        .formatted(name, domain);
  }

  /// The version of a domain's operators that a model asks for; 0 when it names none.
  private static long opset(ModelProto model, String domain) {
    String wanted = domain.equals("ai.onnx") ? "" : domain;
    return model.getOpsetImportList().stream()
        .filter(set -> set.getDomain().equals(wanted) || set.getDomain().equals(domain))
        .mapToLong(OperatorSetIdProto::getVersion)
        .findFirst()
        .orElse(0);
  }
}
