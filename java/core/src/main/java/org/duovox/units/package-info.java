/// From features to discrete units: k-means codebooks, unit sets, alignment of two streams, corpora
/// for a model.
package org.duovox.units;
