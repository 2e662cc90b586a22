/// Forecasts the memory of a training, and cuts batches into parts that fit.
package org.duovox.train.memory;
