/// Any ONNX model as an encoder, the speech embedding first.
package org.duovox.speech.onnx;
