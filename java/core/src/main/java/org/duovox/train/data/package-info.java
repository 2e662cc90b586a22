/// Decides which utterances a step reads, masks them, and loads batches ahead.
package org.duovox.train.data;
