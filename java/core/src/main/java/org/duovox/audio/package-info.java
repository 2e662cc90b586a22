/// From an audio file to samples of an encoder: one channel, one rate, the part that is asked for.
package org.duovox.audio;
