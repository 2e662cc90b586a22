/// Published checkpoints, which are pickles, into safetensors and JSON: the one place that reads
/// pickle, through a list of known classes and without executing anything.
package org.duovox.convert;
