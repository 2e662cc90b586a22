/// One batch from a file through a model, for comparison with other code.
package org.duovox.model.forward;
