/// Two unit streams aligned by time and merged: the corpus that models read.
package org.duovox.units.corpus;
