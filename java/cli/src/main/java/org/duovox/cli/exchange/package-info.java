/// Verbs from and to the formats of other toolkits: import, export, convert.
package org.duovox.cli.exchange;
