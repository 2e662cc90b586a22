/// Data sets in their published layouts as manifests: LibriSpeech, Fluent Speech Commands, SLURP,
/// SNIPS.
package org.duovox.audio.layout;
