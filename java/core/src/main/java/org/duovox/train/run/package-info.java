/// The folder of a run and all files in it: settings, reports and their times, checkpoints, lock.
package org.duovox.train.run;
