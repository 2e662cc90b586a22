/// Verbs from audio to a corpus of units: manifest, features, merge, kmeans, quantize, align.
package org.duovox.cli.units;
