/// The HTML pages: one file each with tables and charts, no scripts, nothing loaded from elsewhere.
package org.duovox.report.page;
