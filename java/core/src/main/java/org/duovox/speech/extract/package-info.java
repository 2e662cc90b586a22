/// From audio to frames: utterances side by side, long ones in segments, blocks by several
/// processes.
package org.duovox.speech.extract;
