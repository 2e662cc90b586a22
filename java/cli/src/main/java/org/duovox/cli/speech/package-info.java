/// Verbs from audio to units: features, merge, kmeans, quantize.
package org.duovox.cli.speech;
