/// The folder of a run: settings, reports, checkpoints, lock.
package org.duovox.train.run;
