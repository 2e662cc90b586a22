/// Reports of a training, the listeners that hear them, and the control that asks it to save or
/// stop.
package org.duovox.train.log;
