/// Chains of ONNX models as encoders, among them the speech embedding.
package org.duovox.speech.onnx;
