/// Reports of a training and who listens to them.
package org.duovox.train.log;
