/// Grids of recipes: cells that share their stages, comparisons over seeds and items, results in
/// files.
package org.duovox.experiment;
