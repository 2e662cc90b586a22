/// Which toolkit's checkpoint it is, and what its tensors are called here.
package org.duovox.convert.layout;
