/// Charts, as SVG and PNG.
package org.duovox.report.chart;
