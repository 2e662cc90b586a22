/// Baselines of equal parameters or equal compute: costs counted on sample batches, sizes found,
/// the report of both.
package org.duovox.model.match;
