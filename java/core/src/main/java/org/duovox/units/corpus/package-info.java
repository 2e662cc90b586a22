/// The corpus that models read: two unit streams, aligned by time and merged.
package org.duovox.units.corpus;
