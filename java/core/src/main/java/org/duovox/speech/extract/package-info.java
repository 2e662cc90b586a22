/// From audio to frames: many utterances at once, long ones in segments, blocks by several processes.
package org.duovox.speech.extract;
