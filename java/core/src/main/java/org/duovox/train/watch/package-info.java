/// Remarks on a training: plateaus, spikes, collapse, what counting alone would predict.
package org.duovox.train.watch;
