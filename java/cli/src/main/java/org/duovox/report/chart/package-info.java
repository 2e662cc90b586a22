/// Charts of reports, drawn on one canvas: into HTML pages, as SVG files, as PNG files.
package org.duovox.report.chart;
