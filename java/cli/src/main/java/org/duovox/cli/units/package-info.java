/// Verbs that turn units into corpora and into formats of other toolkits: align, import, export,
/// convert.
package org.duovox.cli.units;
