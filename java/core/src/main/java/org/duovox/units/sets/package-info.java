/// Unit sets: features or audio quantized, written and read.
package org.duovox.units.sets;
