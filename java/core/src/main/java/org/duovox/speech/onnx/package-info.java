/// Any ONNX model as an encoder, described by a configuration; the speech embedding first.
package org.duovox.speech.onnx;
