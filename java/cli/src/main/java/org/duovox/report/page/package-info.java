/// The HTML report: one file with tables and pictures, no scripts, nothing loaded from elsewhere.
package org.duovox.report.page;
