/// Baselines of equal parameters or equal compute.
package org.duovox.model.match;
