/// Published checkpoints, which are pickles, into safetensors and JSON: the one way in.
package org.duovox.convert;
