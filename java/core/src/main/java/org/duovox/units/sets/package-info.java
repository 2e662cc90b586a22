/// Unit sets: made of features or of audio, written, read and checked.
package org.duovox.units.sets;
