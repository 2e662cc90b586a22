/// What a report shows, read from a run's folder.
package org.duovox.report.assemble;
