/// Text-to-speech programs as child processes: voices, audio at 16 kHz, and when which word is
/// spoken.
package org.duovox.world.voice;
