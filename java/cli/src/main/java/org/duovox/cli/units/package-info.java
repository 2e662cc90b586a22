/// Verbs from audio to a corpus of units: features, merge, kmeans, quantize, align.
package org.duovox.cli.units;
