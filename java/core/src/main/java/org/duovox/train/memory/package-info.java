/// What a training needs in memory, and batches cut into parts that fit.
package org.duovox.train.memory;
