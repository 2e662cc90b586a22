/// Pretraining: masks, batches through the native ring, the loop and its lines.
package org.duovox.train;
