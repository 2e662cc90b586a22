/// Reads what a report shows from the folders of runs, and has the page written.
package org.duovox.report.assemble;
