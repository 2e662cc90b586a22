/// One batch from a file through a model, outputs and gradients to files, for comparison with other
/// code.
package org.duovox.model.forward;
