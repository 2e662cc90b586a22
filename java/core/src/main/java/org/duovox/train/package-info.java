/// Runs trainings of any kind from begin or resumption to end, and pretraining in particular.
package org.duovox.train;
