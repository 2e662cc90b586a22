/// Reports of a training, and the listeners that hear them.
package org.duovox.train.log;
