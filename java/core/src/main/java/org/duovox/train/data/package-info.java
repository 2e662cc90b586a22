/// Which utterances are read in which step, what is masked, and batches made ahead.
package org.duovox.train.data;
