/// Which toolkit's checkpoint it is, where in it the weights stand, and what its tensors are called
/// here.
package org.duovox.convert.layout;
