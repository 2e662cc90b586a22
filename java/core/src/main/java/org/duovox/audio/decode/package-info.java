/// From the bytes of a file to samples: WAV and FLAC here, all other formats by an FFmpeg process.
package org.duovox.audio.decode;
