/// Training, whatever is trained: begin or go on, steps, validation, end; and pretraining.
package org.duovox.train;
